// Starts the outside system of partner.mjs and talks to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

// One stays without an address: its tables are carried over as files.
const CONNECTED = ["teaching-research", "distance-training", "school-system"];

/** `file` is what the server is told of it; `tell` says how a system answers, and gives what it saw. */
export async function startPartner() {
  const program = fileURLToPath(new URL("partner.mjs", import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(child, "exit");
  const [first] = await Promise.race([once(child.stdout, "data"), gone.then(() => [""])]);
  const url = String(first).trim();
  if (!url) throw new Error("the outside system did not start");
  const tell = async (system, told) => {
    const body = told && JSON.stringify(told);
    const answer = await fetch(`${url}/told/${system}`, { method: "POST", body });
    return answer.json();
  };
  const stop = async () => {
    child.stdin.end();
    await gone;
  };
  const file = CONNECTED.map((system) => `${system} ${url}/${system} - 内网\n`).join("");
  return { file, tell, stop };
}

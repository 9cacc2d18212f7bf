// One demonstration server for the whole run, on a data directory of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startPartner } from "./partners.mjs";
import { startProvider } from "./provider.mjs";

// Everything that counts days counts from here, so that the clocks of the demonstration always stand the same.
export const TODAY = "2026-11-24";
// A debug build makes the demonstration in half a minute on a quiet machine of two cores.
const START_MS = 240_000;
const STOP_MS = 5_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function ready(url, child, said) {
  for (const until = Date.now() + START_MS; Date.now() < until; await pause(100)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.status === 200) return;
  }
  throw new Error(`the demonstration did not start:\n${said.join("")}`);
}

/** A provider of identities and an outside system for the server at this address, and the files that name them, in a folder. */
async function startOutside(url) {
  const [provider, partner] = await Promise.all([startProvider(`${url}/signin/outside/back`), startPartner()]);
  const folder = await mkdtemp(path.join(tmpdir(), "jiedui-outside-"));
  const [file, exchanges] = ["provider.toml", "exchanges"].map((name) => path.join(folder, name));
  await writeFile(file, provider.file);
  await writeFile(path.join(folder, "secret"), provider.secret);
  await writeFile(exchanges, partner.file);
  const stop = async () => {
    await Promise.all([provider.stop(), partner.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  return { provider, partner, options: ["--oidc", file, "--exchanges", exchanges], stop };
}

export async function startServer() {
  const binary = process.env.JIEDUI_BINARY;
  if (!binary) throw new Error("JIEDUI_BINARY names no program; run `make test`");
  const data = await mkdtemp(path.join(tmpdir(), "jiedui-browser-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const listen = url.slice("http://".length);
  const outside = await startOutside(url);
  const options = ["--data", data, "--listen", listen, "--today", TODAY, ...outside.options];
  const child = spawn(binary, ["demo", ...options], { cwd: data });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => said.push(String(text)));
  const gone = new Promise((resolve) => child.on("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await gone;
    clearTimeout(late);
    await outside.stop();
    await rm(data, { recursive: true, force: true });
  };
  try {
    await ready(url, child, said);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop, provider: outside.provider, partner: outside.partner, said: () => said.join("") };
}

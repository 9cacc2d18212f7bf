// Kills the server under a load of writes, again and again, and looks whether everything that was answered is there.
//   kills.mjs BINARY ROUNDS [DATABASE]     DATABASE: an empty PostgreSQL database; without it SQLite in a directory
//   JIEDUI_KILLS_STOP, JIEDUI_KILLS_START  commands that stop the database at once, and start it again (PostgreSQL): then
//                                          it is the database that is killed, and the server has to go on by itself
// After the last round the log, the rows and the figures are verified by the program's own commands. Ends with 1 where
// anything was lost. No packages.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asker, claimer, said } from "../bench/claims.mjs";

const [binary, rounds, database] = [process.argv[2], Number(process.argv[3] ?? 20), process.argv[4]];
const { JIEDUI_KILLS_STOP: stop, JIEDUI_KILLS_START: start } = process.env;
const CLIENTS = 8;
const directory = mkdtempSync(join(tmpdir(), "jiedui-kills."));
const where = database ? ["--database", database] : ["--data", join(directory, "data")];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const client = (...args) => execFileSync(process.execPath, ["bench/client.mjs", ...args], { encoding: "utf8" }).trim();
const command = (...args) => execFileSync(binary, [...args, ...where], { encoding: "utf8" });

const port = await new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});
const base = `http://127.0.0.1:${port}`;
let server;

async function serve(name) {
  server = spawn(binary, [name, ...where, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
  server.ended = new Promise((done) => server.once("exit", done));
  await healthy();
}

async function healthy() {
  for (let tries = 0; tries < 18_000; tries += 1, await pause(20)) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const reply = await fetch(`${base}/healthz`).catch(() => null);
    if (reply?.ok) return;
  }
  throw new Error("the server did not become ready");
}

/** Claims until something dies; where the answered ones led. */
async function load(mark) {
  const ask = asker(base, cookie, CLIENTS);
  const claim = await claimer(ask, mark);
  const answered = [];
  let [ends, told] = [false, ""];
  const one = async () => {
    while (!ends) {
      const reply = await claim().catch(() => null);
      if (!reply) return;
      if (reply.status === 303) answered.push(reply.location);
      else if (reply.status < 500) told ||= said(reply);
    }
  };
  const clients = Array.from({ length: CLIENTS }, one);
  await pause(300 + Math.random() * 900);
  if (stop) execFileSync("sh", ["-c", stop]);
  else server.kill("SIGKILL");
  ends = true;
  if (!stop) await server.ended;
  ask.close();
  await Promise.all(clients);
  if (told) throw new Error(`a claim was refused: ${told}`);
  return answered;
}

/** Those of the answered that are not there. */
async function missing(answered) {
  const ask = asker(base, cookie, CLIENTS);
  const lost = [];
  for (const path of answered) if ((await ask(path)).status !== 200) lost.push(path);
  ask.close();
  return lost;
}

let [answered, lost, result] = [0, [], 0];
try {
  await serve("demo");
  var cookie = client("signin", base, "qiantou");
  for (let round = 1; round <= rounds; round += 1) {
    const paths = await load(`第${round}轮 ${process.pid}`);
    if (stop) {
      execFileSync("sh", ["-c", start]);
      await healthy();
    } else await serve("serve");
    answered += paths.length;
    lost.push(...(await missing(paths)));
  }
  server.kill("SIGTERM");
  await server.ended;
  for (const check of ["audit", "indicators"]) command(check, "verify");
} catch (cause) {
  console.error(`kills: ${cause.stdout ?? ""}${cause.message}`);
  result = 1;
} finally {
  server?.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
}
if (lost.length > 0) result = 1;
const killed = stop ? "the database" : "the server";
console.log(`${rounds} times ${killed} was killed, ${database ? "PostgreSQL" : "SQLite"}: ${answered} claims answered, ${lost.length} lost`);
process.exit(result);

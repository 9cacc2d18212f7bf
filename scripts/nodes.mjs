// Two servers and a worker on one PostgreSQL, behind one address: whether sessions, pages, jobs, notices and the log are right
// with both, and whether one that is killed under load takes nothing along.
//   nodes.mjs BINARY ROUNDS DATABASE [REPLICA]   DATABASE: an empty PostgreSQL database; REPLICA: the same at a server that
//                                                follows it, from which pages are read. Each round kills a server
// Needs nginx and psql. Ends with 1 where anything was lost, done twice, or old. No packages.
import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asker, claimer, said } from "../bench/claims.mjs";

const [binary, rounds, database, replica] = [process.argv[2], Number(process.argv[3] ?? 5), process.argv[4], process.argv[5]];
const directory = mkdtempSync(join(tmpdir(), "jiedui-nodes."));
const where = ["--database", database, "--files", join(directory, "files")];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const client = (...args) => execFileSync(process.execPath, ["bench/client.mjs", ...args], { encoding: "utf8" }).trim();
const command = (...args) => execFileSync(binary, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const sql = (text, at = database) => execFileSync("psql", ["-qAtX", at, "-c", text], { encoding: "utf8" }).trim();
const faults = [];
const wrong = (words) => faults.push(words) <= 20 && console.error(`nodes: ${words}`);

/** A port that nobody listens on. */
const free = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** A process whose output is kept beside the data. */
function run(name, program, ...args) {
  const started = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(directory, `${name}.log`), { flags: "a" });
  for (const stream of [started.stdout, started.stderr]) stream.pipe(log, { end: false });
  started.ended = new Promise((done) => started.once("exit", done));
  return started;
}

class Node {
  constructor(name, port) {
    Object.assign(this, { name, port, base: `http://127.0.0.1:${port}` });
  }
  async start() {
    const read = replica ? ["--database-read", replica] : [];
    this.process = run(this.name, binary, "serve", ...where, ...read, "--listen", `127.0.0.1:${this.port}`);
    await ready(this.base, this.process);
  }
  async end(signal) {
    this.process?.kill(signal);
    await this.process?.ended;
  }
}

async function ready(base, started) {
  for (let tries = 0; tries < 6000; tries += 1, await pause(20)) {
    if (started.exitCode !== null) throw new Error(`${started.spawnfile} ended with ${started.exitCode}`);
    if ((await fetch(`${base}/readyz`).catch(() => null))?.ok) return;
  }
  throw new Error(`${base} did not become ready`);
}

/** One address for both, as an operator would have it: what was sent to a server is never sent to another by nginx itself. */
function proxy(port, nodes) {
  const kept = join(directory, "nginx");
  mkdirSync(kept);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    join(kept, "nginx.conf"),
    `daemon off; pid ${kept}/pid; error_log ${kept}/error.log; ${process.getuid() === 0 ? "user root;" : ""}
events { worker_connections 512; }
http {
  access_log off; ${temporary.map((name) => `${name}_temp_path ${kept}/${name};`).join(" ")}
  upstream jiedui { ${nodes.map((node) => `server 127.0.0.1:${node.port} max_fails=1 fail_timeout=1s;`).join(" ")} keepalive 16; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://jiedui; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_connect_timeout 2s;
    }
  }
}
`,
  );
  return run("nginx-out", "nginx", "-p", kept, "-c", join(kept, "nginx.conf"), "-e", `${kept}/error.log`);
}

/** Asks as somebody does who presses again where it failed; counts how often anybody had to. */
const retries = { most: 0, all: 0 };
function patient(ask) {
  return async (path, body) => {
    for (let tries = 0; ; tries += 1) {
      const reply = await ask(path, body).catch((cause) => ({ status: 502, text: cause.message }));
      if (reply.status < 502 || tries > 10) {
        retries.most = Math.max(retries.most, tries);
        retries.all += tries;
        return reply;
      }
      await pause(100);
    }
  };
}

const [port, portA, portB] = [await free(), await free(), await free()];
const [a, b, address] = [new Node("a", portA), new Node("b", portB), `http://127.0.0.1:${port}`];
// Each is asked under the name that the browser sees.
const at = (node, cookie, sockets = 4) => asker(node.base, cookie, sockets);
const cookies = {};

/** Who signed in at one server is known at the other, and who signed out is known at neither. */
async function sessions() {
  for (const login of ["qiantou", "xianji", "sheng"]) cookies[login] = client("signin", address, login);
  for (const [login, cookie] of Object.entries(cookies)) {
    for (const node of [a, b]) {
      const ask = at(node, cookie);
      const { status } = await ask("/");
      if (status !== 200) wrong(`${login} is not signed in at ${node.name}: ${status}`);
      ask.close();
    }
  }
  const cookie = client("signin", a.base, "peihe");
  const [atA, atB] = [a, b].map((node) => at(node, cookie));
  const left = await atA("/signout", fields((await atA("/")).text, "/signout"));
  const after = await atB("/");
  if (left.status !== 303 || after.status !== 303) wrong(`signed out at a (${left.status}), at b still ${after.status}`);
  for (const ask of [atA, atB]) ask.close();
}

/** What a form of a page sends: the one whose address ends so and that has all of these words. */
function fields(page, ends, ...words) {
  const plain = page.replaceAll("&#x2f;", "/");
  const form = plain.split("<form").find((part) => part.includes(`${ends}"`) && words.every((word) => part.includes(word)));
  if (!form) return null;
  const values = new URLSearchParams();
  for (const [tag] of form.split("</form>")[0].matchAll(/<input\b[^>]*>/g)) {
    const of = (name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
    if (of("name")) values.append(of("name"), of("value") ?? "");
  }
  return values.toString();
}

/** Somebody claims and withdraws at one server and looks at the other: what was done is there at once. */
async function freshness(writing, reading, mark, going) {
  const [write, read] = [writing, reading].map((node) => at(node, cookies.qiantou));
  const claim = await claimer(write, mark);
  let number = 0;
  for (; going(); number += 1) {
    const made = await claim();
    if (made.status !== 303) return wrong(`${mark}: ${said(made)}`);
    const before = await read(made.location);
    const form = fields(before.text, "/withdraw");
    if (before.status !== 200 || !form) return wrong(`${made.location} is not at ${reading.name} yet: ${before.status}`);
    const done = await write(`${made.location}/withdraw`, form);
    if (done.status !== 303) return wrong(`${mark}: ${said(done)}`);
    const after = await read(made.location);
    if (fields(after.text, "/withdraw") || !after.text.includes("已撤回")) wrong(`${made.location} is old at ${reading.name}`);
  }
  for (const ask of [write, read]) ask.close();
  return number;
}

/** The other side confirms one entry at both servers at the same moment: it is done once, and told once. */
async function confirming(mark, going) {
  const [own, atA, atB] = [at(a, cookies.qiantou), at(a, cookies.xianji), at(b, cookies.xianji)];
  const claim = await claimer(own, mark);
  const confirmed = [];
  while (going()) {
    const { location } = await claim();
    const form = fields((await atA(location)).text, "/answer", 'value="confirm"');
    if (!form) continue;
    // Two presses are two forms.
    const other = form.replace(/_once=[^&]*/, `_once=${mark}-${confirmed.length}`.replaceAll(" ", ""));
    const replies = await Promise.all([atA(`${location}/answer`, form), atB(`${location}/answer`, other)]);
    const statuses = replies.map(({ status }) => status).sort().join(" ");
    if (!["303 303", "303 409"].includes(statuses)) wrong(`confirmed at both: ${statuses} ${replies.map(said).join(" | ")}`);
    confirmed.push(location.split("/").pop());
  }
  for (const ask of [own, atA, atB]) ask.close();
  return confirmed;
}

/** What was confirmed at both has one step, one record and one notice. */
function once(confirmed) {
  if (confirmed.length === 0) return wrong("nothing was confirmed at both servers");
  const ids = confirmed.map((id) => `'${id}'`).join(",");
  for (const id of confirmed) {
    const told = Number(sql(`SELECT COALESCE(SUM(times), 0) FROM notice WHERE resource_id = '${id}' AND kind = 'answered'`));
    if (told > 1) wrong(`${id} was told ${told} times`);
  }
  const twice = sql(
    `SELECT resource_id, action, COUNT(*) FROM audit_leaf WHERE resource_id IN (${ids}) GROUP BY 1, 2 HAVING COUNT(*) > 1`,
  );
  if (twice) wrong(`recorded twice: ${twice}`);
  return confirmed.length;
}

/** Files that are made in the background, asked for at both: each by one of the three, at the first try. */
async function jobs() {
  const [atA, atB] = [a, b].map((node) => at(node, cookies.sheng));
  const form = await atA("/");
  const token = /name="_csrf" value="([^"]*)"/.exec(form.text)[1];
  const made = [];
  for (let number = 0; number < 10; number += 1) {
    const ask = number % 2 ? atA : atB;
    const body = new URLSearchParams({ _csrf: token, _once: `job-${process.pid}-${number}` }).toString();
    let reply;
    // Five of one account wait at a time.
    for (let tries = 0; tries < 200; tries += 1, await pause(100)) {
      reply = await ask("/entries/export", body);
      if (reply.status === 303) break;
    }
    if (reply.status !== 303) wrong(`a file was not queued: ${said(reply)}`);
    else made.push(reply.location.split("/").pop());
  }
  const open = "SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running')";
  for (let tries = 0; tries < 900 && sql(open) !== "0"; tries += 1) await pause(100);
  const bad = sql("SELECT id, state, attempt FROM job WHERE state <> 'done' OR attempt <> 1");
  if (bad) wrong(`jobs: ${bad}`);
  for (const id of made) {
    const records = sql(`SELECT action, COUNT(*) FROM audit_leaf WHERE resource_id = '${id}' GROUP BY 1 HAVING COUNT(*) > 1`);
    if (records) wrong(`job ${id}: ${records}`);
  }
  for (const ask of [atA, atB]) ask.close();
  return made.length;
}

/** The same page is the same at both while nobody writes. */
async function alike() {
  for (const [login, paths] of [["qiantou", ["/entries", "/pairings"]], ["sheng", ["/overview", "/entries"]]]) {
    const [atA, atB] = [a, b].map((node) => at(node, cookies[login]));
    for (const path of paths) {
      // Each form has a number of its own.
      const [one, other] = (await Promise.all([atA(path), atB(path)])).map(({ text }) =>
        text.replace(/name="_once" value="[^"]*"/g, ""),
      );
      if (one !== other) wrong(`${login} reads ${path} differently at a and at b`);
    }
    for (const ask of [atA, atB]) ask.close();
  }
}

/** Claims and pages through the one address until it is told to end; what was answered. */
function load(mark) {
  const [claims, pages] = [asker(address, cookies.qiantou, 4), asker(address, cookies.sheng, 4)];
  const answered = [];
  let [ends, seen] = [false, 0];
  const claiming = async (number) => {
    const claim = await claimer(patient(claims), `${mark} ${number}`);
    while (!ends) {
      const reply = await claim();
      if (reply.status === 303) answered.push(reply.location);
      else wrong(`a claim was answered ${said(reply)}`);
    }
  };
  const reading = async (path) => {
    const read = patient(pages);
    for (; !ends; seen += 1) {
      const { status } = await read(path);
      if (status !== 200) wrong(`${path} was answered ${status}`);
    }
  };
  const all = Promise.all([...[1, 2, 3].map(claiming), ...["/", "/overview", "/entries"].map(reading)]);
  const end = async () => {
    ends = true;
    await all;
    for (const ask of [claims, pages]) ask.close();
    return { answered, seen };
  };
  return { end };
}

/** Kills one under load, goes on with the other, brings it back; what was answered has to be there, once. */
async function kill(round, total) {
  const [killed, left] = round % 2 ? [a, b] : [b, a];
  const mark = `节点${round}`;
  const running = load(mark);
  await pause(800 + Math.random() * 800);
  await killed.end("SIGKILL");
  await pause(1500);
  await killed.start();
  await pause(700);
  const { answered, seen } = await running.end();
  const ask = at(left, cookies.qiantou);
  for (const path of answered) if ((await ask(path)).status !== 200) wrong(`${path} is lost`);
  ask.close();
  const topics = sql(`SELECT COUNT(*), COUNT(DISTINCT fields) FROM entry WHERE fields LIKE '%示例 ${mark} %'`).split("|");
  const [rows, distinct] = topics.map(Number);
  if (rows !== answered.length || distinct !== rows || new Set(answered).size !== rows) {
    wrong(`${answered.length} claims were answered in round ${round}, ${rows} are there, ${distinct} of them different`);
  }
  total.answered += answered.length;
  total.seen += seen;
}

/** What a server said was wrong. The files of the demonstration lie where it was made, so all of them are there. */
function complaints() {
  for (const name of ["a", "b", "worker"]) {
    const lines = readFileSync(join(directory, `${name}.log`), "utf8").split("\n");
    for (const line of new Set(lines.filter((one) => /ERROR|WARN|panicked/.test(one)).map((one) => one.replace(/^\S+\s*/, "")))) {
      (/ERROR|panicked/.test(line) ? wrong : console.log)(`${name}: ${line}`);
    }
  }
}

/** Transactions that the replica answered; what it says of them is a second old. */
const fromReplica = () => Number(sql("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()", replica));

let [worker, nginx, result] = [null, null, 0];
const total = { answered: 0, seen: 0 };
try {
  command("demo", ...where, "--no-serve");
  await a.start();
  await b.start();
  worker = run("worker", binary, "worker", ...where);
  nginx = proxy(port, [a, b]);
  await ready(address, nginx);
  const before = replica ? fromReplica() : 0;
  await sessions();
  await alike();
  const until = performance.now() + Math.min(20, 3 + rounds) * 1000;
  const going = () => performance.now() < until;
  const [forth, back, confirmed, files] = await Promise.all([
    freshness(a, b, "甲写乙读", going),
    freshness(b, a, "乙写甲读", going),
    confirming("两处确认", going),
    jobs(),
  ]);
  console.log(`${forth} and ${back} writes seen at the other server at once; ${once(confirmed)} confirmed at both, ${files} files made`);
  for (let round = 1; round <= rounds; round += 1) await kill(round, total);
  await pause(2500);
  await alike();
  if (replica) {
    await pause(2000);
    const pages = fromReplica() - before;
    console.log(`the replica answered ${pages} transactions`);
    if (pages < 100) wrong("hardly anything was read from the replica");
  }
  for (const one of [a, b]) await one.end("SIGTERM");
  worker.kill("SIGTERM");
  await worker.ended;
  for (const check of ["audit", "indicators", "search"]) command(check, "verify", "--database", database);
  complaints();
  if (retries.most > 1) wrong(`somebody had to try ${retries.most + 1} times`);
} catch (cause) {
  wrong(`${cause.stdout ?? ""}${cause.stderr ?? ""}${cause.stack}`);
} finally {
  for (const one of [a.process, b.process, worker, nginx]) one?.kill("SIGKILL");
  if (faults.length > 0) result = 1;
  if (result) console.error(`nodes: what the servers said is in ${directory}`);
  else rmSync(directory, { recursive: true, force: true });
}
console.log(
  `${rounds} times a server of two was killed: ${total.answered} claims and ${total.seen} pages answered, ` +
    `${retries.all} had to be asked again, ${faults.length} faults`,
);
process.exit(result);

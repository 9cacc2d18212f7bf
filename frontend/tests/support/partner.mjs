// An outside system, as a program of its own: `node partner.mjs` says on its first line where it is. `/系统` answers as it was told
// to, well or badly; what it is told, and what came of it, goes over `/told/系统`. It needs nothing but Node.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const LATE_MS = 1_500;
const PART = Buffer.alloc(64 * 1024, "x");
const GIGABYTE = 1024 ** 3;
const TOLD = "/told/";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Of each system what it answers next (the last of them for ever), its table, and what it saw. */
const systems = new Map();

function system(name) {
  if (!systems.has(name)) systems.set(name, { answers: ["yes"], table: "", asked: [], taken: {}, poured: 0 });
  return systems.get(name);
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function say(response, status, text) {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(text);
}

/** Takes every row of the batch, each batch once by its key; the first row of it is refused. */
function takes(one, { key, body }) {
  const rows = JSON.parse(body).length;
  one.taken[key] ??= rows - 1;
  return JSON.stringify({ accepted: rows - 1, refused: [{ line: 1, words: "对方没有这所学校" }] });
}

/** The table with its last row a second time. */
function repeated(table) {
  if (table.startsWith("[")) {
    const rows = JSON.parse(table);
    return JSON.stringify([...rows, rows.at(-1)]);
  }
  const lines = table.trim().split(/\r?\n/);
  return `${[...lines, lines.at(-1)].join("\r\n")}\r\n`;
}

/** A gigabyte, for as long as somebody takes it. */
async function pour(one, response) {
  response.writeHead(200, { "content-type": "application/json", "content-length": GIGABYTE });
  const closed = new Promise((resolve) => response.on("close", resolve));
  while (one.poured < GIGABYTE && !response.destroyed) {
    one.poured += PART.length;
    if (!response.write(PART)) await Promise.race([closed, new Promise((resolve) => response.once("drain", resolve))]);
  }
  response.end();
}

const WAYS = {
  table: (one, asked, response) => say(response, 200, one.table),
  yes: (one, asked, response) => say(response, 200, takes(one, asked)),
  late: async (one, asked, response) => {
    await pause(LATE_MS);
    say(response, 200, takes(one, asked));
  },
  fails: (one, asked, response) => say(response, 500, "no"),
  // Takes the batch, and whoever sent it does not hear of it.
  resets: (one, asked, response) => {
    takes(one, asked);
    response.socket.resetAndDestroy();
  },
  garbage: (one, asked, response) => say(response, 200, "\0<html>welcome</html>"),
  twice: (one, asked, response) => say(response, 200, repeated(one.table)),
  endless: (one, asked, response) => pour(one, response),
};

async function answer(request, response) {
  const body = await read(request);
  if (request.url.startsWith(TOLD)) {
    const one = system(request.url.slice(TOLD.length));
    if (body) Object.assign(one, JSON.parse(body));
    return say(response, 200, JSON.stringify(one));
  }
  const one = system(request.url.slice(1));
  const asked = { method: request.method, key: request.headers["idempotency-key"] ?? "", body };
  one.asked.push(asked);
  const way = one.answers.length > 1 ? one.answers.shift() : one.answers[0];
  return WAYS[way](one, asked, response);
}

function serve() {
  const server = createServer((request, response) => answer(request, response).catch((error) => response.destroy(error)));
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
  // Nobody is left behind: it ends with whoever started it.
  process.stdin.on("end", () => process.exit()).resume();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) serve();

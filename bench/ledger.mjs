// Asks the pages of `bench/ledger.sh` and tells of them. No packages: Node's own fetch.
//   pages BASE ENGINE SIZE PROVINCE SCHOOL    asks each page as both, one line of JSON each
//   load BASE ENGINE SIZE PROVINCE SCHOOL S   asks all of them over 8 connections for S seconds
//   table FILE                                the lines as Markdown
//   plot FILE OUT.svg                         the lines as one drawing
// No address is asked twice: what the server keeps of a finished page is of no help.
import { readFileSync, writeFileSync } from "node:fs";

const ASKED = 7;
const GOAL = 30;
const CONNECTIONS = 8;
const PER_PAGE = 25;
let asked = process.pid * 100_000;

async function get(base, cookie, path) {
  const address = `${base}${path}${path.includes("?") ? "&" : "?"}x=${(asked += 1)}`;
  const begun = performance.now();
  const reply = await fetch(address, { headers: { cookie }, redirect: "manual" });
  const text = await reply.text();
  return { status: reply.status, text, ms: performance.now() - begun };
}

/** The address of the first school that a page leads to. */
async function school(base, cookie) {
  for (const path of ["/registry", "/overview", "/"]) {
    const { text } = await get(base, cookie, path);
    const found = /href="(\/registry\/[0-9a-f]{32})"/.exec(text.replaceAll("&#x2f;", "/"));
    if (found) return found[1];
  }
  throw new Error("no page leads to a school");
}

/** The year in which the server believes itself. */
async function year(base, cookie) {
  const { text } = await get(base, cookie, "/");
  return /<time datetime="(\d{4})/.exec(text)?.[1] ?? String(new Date().getFullYear());
}

async function pagesOf(base, size, province, own) {
  const now = await year(base, province);
  const far = Math.max(1, Math.min(1000, Math.floor(size / PER_PAGE)));
  const [one, other] = [await school(base, province), await school(base, own)];
  return [
    ["desk, province", province, "/"],
    ["overview, province", province, "/overview"],
    ["clocks, province", province, "/clocks"],
    ["list page 1, province", province, "/entries"],
    ["list page 1,000 (or the last), province", province, `/entries?page=${far}`],
    ["search in the list, province", province, "/entries?q=%E6%8A%80%E5%B8%88"],
    ["targets, province", province, "/targets"],
    ["indicator with first rows, province", province, `/indicators/visits?year=${now}`],
    ["school page, province", province, one],
    ["desk, school", own, "/"],
    ["overview, school", own, "/overview"],
    ["clocks, school", own, "/clocks"],
    ["list page 1, school", own, "/entries"],
    ["search in the list, school", own, "/entries?q=%E6%8A%80%E5%B8%88"],
    ["indicator with first rows, school", own, `/indicators/visits?year=${now}`],
    ["school page, school", own, other],
  ];
}

async function pages(base, engine, size, province, own) {
  for (const [page, cookie, path] of await pagesOf(base, Number(size), province, own)) {
    const times = [];
    for (let at = 0; at < ASKED; at += 1) {
      const { status, ms } = await get(base, cookie, path);
      if (status !== 200) throw new Error(`${page}: ${path} answers ${status}`);
      times.push(ms);
    }
    times.sort((a, b) => a - b);
    const line = { engine, size: Number(size), page, median: times[(ASKED - 1) / 2], worst: times.at(-1) };
    console.log(JSON.stringify(line));
  }
}

async function load(base, engine, size, province, own, seconds) {
  const all = await pagesOf(base, Number(size), province, own);
  const times = [];
  let failed = 0;
  const end = performance.now() + Number(seconds) * 1000;
  const one = async (start) => {
    for (let at = start; performance.now() < end; at += 1) {
      const [, cookie, path] = all[at % all.length];
      const { status, ms } = await get(base, cookie, path);
      if (status === 200) times.push(ms);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, at) => one(at * 2)));
  times.sort((a, b) => a - b);
  const p99 = times[Math.floor(times.length * 0.99)] ?? null;
  console.log(JSON.stringify({ engine, size: Number(size), load: times.length / Number(seconds), p99, failed }));
}

function read(file) {
  return readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

const spaced = (number) => number.toLocaleString("en-US");
const short = (number) => (number >= 100 ? spaced(Math.round(number)) : number.toFixed(1));
const unique = (values) => [...new Set(values)];

function table(file) {
  const lines = read(file);
  for (const engine of unique(lines.map((line) => line.engine))) {
    const own = lines.filter((line) => line.engine === engine);
    const sizes = unique(own.map((line) => line.size)).sort((a, b) => a - b);
    const [first, last] = [sizes[0], sizes.at(-1)];
    const of = (size, test) => own.find((line) => line.size === size && test(line));
    const row = (name, cell, more = "") => console.log(`| ${[name, ...sizes.map(cell)].join(" | ")} | ${more} |`);
    console.log(`\n### ${engine}: each page made from scratch, median of ${ASKED} (worst), ms\n`);
    const compared = `${spaced(last)} ÷ ${spaced(first)} (goal ≤ 1.2, ≤ ${GOAL} ms)`;
    row("page", (size) => `${spaced(size)} entries`, first === last ? `goal ≤ ${GOAL} ms` : compared);
    console.log(`|---|${sizes.map(() => "---|").join("")}---|`);
    for (const page of unique(own.filter((line) => line.page).map((line) => line.page))) {
      const at = (size) => of(size, (line) => line.page === page);
      const growth = first !== last && at(first) && at(last) ? (at(last).median / at(first).median).toFixed(2) : "";
      row(page, (size) => (at(size) ? `${short(at(size).median)} (${short(at(size).worst)})` : ""), growth);
    }
    const mixed = (size) => of(size, (line) => line.load !== undefined);
    row(`all of them over ${CONNECTIONS} connections, req/s (p99 ms, failed)`, (size) =>
      mixed(size) ? `${short(mixed(size).load)} (${short(mixed(size).p99 ?? 0)}, ${mixed(size).failed})` : "",
    );
    for (const [key, name] of [
      ["made", "made in, s"],
      ["bytes", "on disk, bytes an entry"],
      ["idle", "memory 2 s after the start, MB"],
      ["checked", "memory after the check of the log at the start, MB"],
      ["loaded", "memory after the load, MB"],
      ["most", "memory at most, MB"],
    ]) {
      const with_key = (size) => of(size, (line) => line[key] !== undefined);
      if (sizes.some(with_key)) row(name, (size) => (with_key(size) ? short(with_key(size)[key]) : ""));
    }
  }
}

/** Pages over size, both on a scale of powers of ten, a panel for each engine. */
function plot(file, out) {
  const lines = read(file).filter((line) => line.page?.endsWith("province"));
  const engines = unique(lines.map((line) => line.engine));
  const sizes = unique(lines.map((line) => line.size)).sort((a, b) => a - b);
  const names = unique(lines.map((line) => line.page));
  const colours = ["#1b5e9e", "#b3471d", "#2f7d3b", "#7a3fa0", "#a8821a", "#0f8b8d", "#b8336a", "#5a5a5a", "#3f51b5"];
  const [width, height, left, top, foot] = [460, 320, 56, 40, 40];
  const all = lines.map((line) => line.median);
  const low = 10 ** Math.floor(Math.log10(Math.min(...all, GOAL)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...all, GOAL)));
  const y = (ms) => top + (height - top - foot) * (1 - Math.log10(ms / low) / Math.log10(high / low));
  const span = Math.log10(sizes.at(-1) / sizes[0]) || 1;
  const x = (panel, size) => panel * width + left + (width - left - 24) * (Math.log10(size / sizes[0]) / span);
  const parts = [];
  const text = (at, down, words, more = "") => parts.push(`<text x="${at.toFixed(1)}" y="${down.toFixed(1)}" ${more}>${words}</text>`);
  const stroke = (x1, y1, x2, y2, more) =>
    parts.push(`<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" ${more}/>`);
  engines.forEach((engine, panel) => {
    const [from, to] = [x(panel, sizes[0]), x(panel, sizes.at(-1))];
    text(from, top - 18, `${engine}: milliseconds for a page made from scratch, over entries`, 'font-weight="bold"');
    for (let ms = low; ms <= high * 1.0001; ms *= 10) {
      stroke(from, y(ms), to, y(ms), 'stroke="#ddd"');
      text(from - 6, y(ms) + 4, spaced(ms), 'text-anchor="end"');
    }
    for (const size of sizes) text(x(panel, size), height - foot + 18, spaced(size), 'text-anchor="middle"');
    stroke(from, y(GOAL), to, y(GOAL), 'stroke="#c00" stroke-dasharray="5 4"');
    text(to, y(GOAL) - 4, `goal ${GOAL} ms`, 'text-anchor="end" fill="#c00"');
    names.forEach((name, at) => {
      const own = lines.filter((line) => line.engine === engine && line.page === name).sort((a, b) => a.size - b.size);
      const points = own.map((line) => `${x(panel, line.size).toFixed(1)},${y(line.median).toFixed(1)}`);
      const colour = colours[at % colours.length];
      parts.push(`<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
      for (const point of points) {
        const [cx, cy] = point.split(",");
        parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
      }
    });
  });
  const rows = Math.ceil(names.length / 2);
  const wide = Math.max(engines.length * width, 620);
  names.forEach((name, at) => {
    const [across, down] = [left + (at % 2) * (wide / 2), height + 14 + Math.floor(at / 2) * 18];
    stroke(across, down - 4, across + 22, down - 4, `stroke="${colours[at % colours.length]}" stroke-width="3"`);
    text(across + 28, down, name.replace(", province", ""));
  });
  const size = `width="${wide}" height="${height + rows * 18 + 16}" viewBox="0 0 ${wide} ${height + rows * 18 + 16}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
  writeFileSync(out, svg);
}

const commands = { pages, load, table, plot };
const [command, ...args] = process.argv.slice(2);
try {
  await commands[command](...args);
} catch (cause) {
  console.error(`bench: ${cause.message}`);
  process.exit(1);
}

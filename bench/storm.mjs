// A month's end: reads and writes mixed 4 to 1 by many users at once, no address twice.
//   storm.mjs BASE ACTS CLIENTS PROVINCE SCHOOL HELPER     a line of a Markdown table; cookies of a province, a school, a helper
// Every fifth request is a claim by the helper; the others are pages, of the province and of the school in turn.
import { asker, claimer, said } from "./claims.mjs";

const [base, acts, clients, province, school, helper] = process.argv.slice(2);
const PAGES = ["/", "/overview", "/clocks", "/entries", "/entries?q=%E6%8A%80%E5%B8%88", "/targets", "/registry", "/calendar"];
const readers = [province, school].map((cookie) => asker(base, cookie, Number(clients)));
const writer = asker(base, helper, Number(clients));
const claim = await claimer(writer, `storm-${process.pid}`);

const times = { read: [], write: [] };
let [next, failed, first] = [0, 0, ""];
async function client() {
  while (next < Number(acts)) {
    const at = (next += 1);
    const page = PAGES[at % PAGES.length];
    const sent = performance.now();
    const writes = at % 5 === 0;
    const reply = writes ? await claim() : await readers[at % 2](`${page}${page.includes("?") ? "&" : "?"}x=${process.pid}${at}`);
    times[writes ? "write" : "read"].push(performance.now() - sent);
    if (reply.status !== (writes ? 303 : 200)) {
      failed += 1;
      first ||= said(reply);
    }
  }
}
const begun = performance.now();
await Promise.all(Array.from({ length: Number(clients) }, client));
const took = (performance.now() - begun) / 1000;
[...readers, writer].forEach((ask) => ask.close());

const of = (kind, share) => {
  const sorted = times[kind].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
};
console.log("| clients | requests | a second | pages: median, p99 in ms | claims: median, p99 in ms | refused |\n|---|---|---|---|---|---|");
console.log(`| ${clients} | ${acts} | ${(Number(acts) / took).toFixed(0)} | ${of("read", 0.5)}, ${of("read", 0.99)} | ${of("write", 0.5)}, ${of("write", 0.99)} | ${failed} |`);
console.error(`answered claims: ${times.write.length}`);
if (first) console.error(first);

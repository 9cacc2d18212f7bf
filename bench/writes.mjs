// Claims over HTTP, as fast as so many clients get their answers. Each has one request under way, and a claim is answered
// when it lasts.
//   writes.mjs BASE COOKIE SECONDS CLIENTS...     a line of a Markdown table for each number of clients
import { asker, claimer, said } from "./claims.mjs";

const [base, cookie, seconds, ...numbers] = process.argv.slice(2);

async function load(clients) {
  const ask = asker(base, cookie, clients);
  const claim = await claimer(ask, `${process.pid}-${clients}`);
  const times = [];
  let [failed, first] = [0, ""];
  const begun = performance.now();
  const end = begun + Number(seconds) * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      const reply = await claim();
      times.push(performance.now() - sent);
      if (reply.status !== 303) {
        failed += 1;
        first ||= said(reply);
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const took = (performance.now() - begun) / 1000;
  ask.close();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  console.log(`| ${clients} | ${((times.length - failed) / took).toFixed(0)} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${failed} |`);
  if (first) console.error(first);
}

console.log("| clients | claims/s | median, ms | p99, ms | longest, ms | refused |\n|---|---|---|---|---|---|");
for (const clients of numbers.map(Number)) await load(clients);

// Claims of entries over HTTP, as fast as so many clients get their answers. No packages.
//   writes.mjs BASE COOKIE CLIENTS SECONDS      one line: claims/s, median, p99, longest, failed
// Each client has one request under way; each claim is another one (its topic counts), and is answered when it is kept.
import { Agent, request } from "node:http";

const [base, cookie, clients, seconds] = process.argv.slice(2);
const address = new URL(base);
const FORM = "/entries/new/teacher-training";
const agent = new Agent({ keepAlive: true, maxSockets: Number(clients) });

function ask(path, body) {
  return new Promise((done, failed) => {
    const headers = { cookie, origin: base };
    if (body) Object.assign(headers, { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body) });
    const sent = request({ host: address.hostname, port: address.port, path, method: body ? "POST" : "GET", headers, agent }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => done({ status: reply.statusCode, text }));
    });
    sent.on("error", failed).end(body);
  });
}

/** The fields of the form as a person would fill them in, without what differs from claim to claim. */
async function fields() {
  const { text } = await ask(FORM);
  const form = text.replaceAll("&#x2f;", "/").split("<form").find((part) => part.includes(`action="${FORM}"`));
  if (!form) throw new Error("the form is not there");
  const values = new URLSearchParams();
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const of = (name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
    const [type, name] = [of("type") ?? "text", of("name")];
    if (!name || ["file", "checkbox", "radio", "submit"].includes(type) || name === "_once") continue;
    values.append(name, of("value") || (of("inputmode") === "numeric" ? "1" : type === "date" ? of("max") ?? new Date().toISOString().slice(0, 10) : ""));
  }
  for (const [select] of form.matchAll(/<select\b[\s\S]*?<\/select>/g)) {
    const name = /\sname="([^"]*)"/.exec(select)?.[1];
    const options = [...select.matchAll(/<option\b[^>]*\svalue="([^"]*)"/g)].map(([, value]) => value).filter(Boolean);
    if (name === "pairing") pairings.push(...options);
    else if (/\srequired/.test(/^<select[^>]*>/.exec(select)[0])) values.append(name, options[0] ?? "");
  }
  return values;
}

const pairings = [];
const form = await fields();
const text = [...form.keys()].find((name) => /topic/.test(name)) ?? "topic";
const times = [];
let failed = 0;
let first = "";
let number = 0;
const end = performance.now() + Number(seconds) * 1000;

async function client() {
  while (performance.now() < end) {
    const values = new URLSearchParams(form);
    values.set(text, `量产测试 ${process.pid}-${(number += 1)}`);
    values.set("pairing", pairings[number % pairings.length]);
    const day = new Date(Date.now() - (number % 300) * 86_400_000).toISOString().slice(0, 10);
    for (const name of ["from", "to"]) values.set(name, day);
    values.set("_once", `${process.pid}-${number}`);
    const begun = performance.now();
    const { status, text: page } = await ask(FORM, values.toString());
    times.push(performance.now() - begun);
    if (status !== 303) {
      failed += 1;
      first ||= `${status} ${/id="errors"[\s\S]{0,600}/.exec(page)?.[0].replace(/<[^>]*>/g, " ").replace(/\s+/g, " ") ?? page.slice(0, 300)}`;
    }
  }
}
const begun = performance.now();
await Promise.all(Array.from({ length: Number(clients) }, client));
const took = (performance.now() - begun) / 1000;
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
console.log(`${((times.length - failed) / took).toFixed(0)} claims/s, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms, failed ${failed}`);
if (first) console.error(first);
agent.destroy();

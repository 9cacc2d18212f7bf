// Claims of entries as a helper sends them: what `bench/writes.mjs` and `scripts/kills.mjs` share. No packages.
import { Agent, request } from "node:http";

const FORM = "/entries/new/teacher-training";
const DAY = 86_400_000;

/** Asks under a session; the answer's status, text and where it leads. */
export function asker(base, cookie, sockets) {
  const address = new URL(base);
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const ask = (path, body) =>
    new Promise((done, failed) => {
      const headers = { cookie, origin: base };
      if (body) {
        headers["content-type"] = "application/x-www-form-urlencoded";
        headers["content-length"] = Buffer.byteLength(body);
      }
      const { hostname, port } = address;
      const sent = request({ hostname, port, path, method: body ? "POST" : "GET", headers, agent }, (reply) => {
        let text = "";
        reply.setEncoding("utf8").on("data", (part) => (text += part));
        reply.on("error", failed);
        reply.on("end", () => done({ status: reply.statusCode, text, location: reply.headers.location }));
      });
      sent.on("error", failed).end(body);
    });
  ask.close = () => agent.destroy();
  return ask;
}

/** What sends one more claim, each with a topic of its own, on changing days, at the schools in turn. */
export async function claimer(ask, mark) {
  const { text } = await ask(FORM);
  const form = text.replaceAll("&#x2f;", "/").split("<form").find((part) => part.includes(`action="${FORM}"`));
  if (!form) throw new Error("the form is not there");
  const values = new URLSearchParams();
  const of = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const [type, name] = [of(tag, "type") ?? "text", of(tag, "name")];
    if (!name || name === "_once" || ["file", "checkbox", "radio", "submit"].includes(type)) continue;
    values.append(name, of(tag, "value") || (of(tag, "inputmode") === "numeric" ? "1" : ""));
  }
  const pairings = [];
  for (const [select] of form.matchAll(/<select\b[\s\S]*?<\/select>/g)) {
    if (of(select, "name") !== "pairing") continue;
    for (const [, value] of select.matchAll(/<option\b[^>]*\svalue="([^"]*)"/g)) if (value) pairings.push(value);
  }
  let number = 0;
  return () => {
    number += 1;
    const claim = new URLSearchParams(values);
    const day = new Date(Date.now() - (number % 300) * DAY).toISOString().slice(0, 10);
    claim.set("pairing", pairings[number % pairings.length]);
    for (const name of ["from", "to"]) claim.set(name, day);
    claim.set("topic", `示例 ${mark} ${number}`);
    claim.set("_once", `${mark}-${number}`);
    return ask(FORM, claim.toString());
  };
}

/** What an answer that is not a redirect says. */
export const said = ({ status, text }) =>
  `${status} ${(/id="errors"[\s\S]{0,600}/.exec(text)?.[0] ?? text.slice(0, 300)).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ")}`;

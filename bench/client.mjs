// The user's side of the measurements: starts the server and waits for it, signs in, confirms an entry.
// Prints what the shell script asks for and nothing else. No packages: Node's own fetch.
import { spawn } from "node:child_process";

const PASSWORD = process.env.JIEDUI_BENCH_PASSWORD ?? "Jiedui-demo-2024";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Milliseconds from the start of the process to the first page it answers. The process is then ended. */
async function start(base, binary, ...args) {
  const begun = performance.now();
  const server = spawn(binary, args, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((done) => server.once("exit", done));
  try {
    await answer(`${base}/signin`, server, 600_000);
    return (performance.now() - begun).toFixed(0);
  } finally {
    server.kill("SIGTERM");
    await ended;
  }
}

/** Asks until there is an answer. */
async function answer(url, server, limit) {
  for (const end = performance.now() + limit; performance.now() < end; await pause(2)) {
    if (server && server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const reply = await fetch(url, { redirect: "manual" }).catch(() => null);
    if (reply?.ok) return reply.text();
  }
  throw new Error(`${url} did not answer in time`);
}

/** A cookie jar as small as it can be: name → value. */
class Visitor {
  constructor(base, cookie = "") {
    this.base = base;
    this.jar = new Map(cookie.split("; ").filter(Boolean).map((pair) => pair.split(/=(.*)/s)));
  }

  get cookie() {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async ask(path, form) {
    const headers = { cookie: this.cookie, origin: this.base };
    const body = form && new URLSearchParams(form);
    const reply = await fetch(this.base + path, { method: body ? "POST" : "GET", headers, body, redirect: "manual" });
    for (const line of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.jar.set(name, value);
    }
    return { status: reply.status, text: await reply.text() };
  }
}

/** Signs in and prints the cookie. */
async function signin(base, login) {
  const visitor = new Visitor(base);
  const form = forms((await visitor.ask("/signin")).text).find((one) => one.fields.some(([name]) => name === "password"));
  if (!form) throw new Error("no form to sign in with");
  const hidden = form.fields.filter(([name]) => !["login", "password"].includes(name));
  const reply = await visitor.ask("/signin", [...hidden, ["login", login], ["password", PASSWORD]]);
  if (reply.status >= 400) throw new Error(`signing in as ${login}: ${reply.status}`);
  return visitor.cookie;
}

/** Confirms the first entry that waits for this school, and says whether the overview of another role then differs. */
async function confirm(base, school, watcher) {
  const [acting, watching] = [new Visitor(base, school), new Visitor(base, watcher)];
  const form = await waiting(acting);
  if (!form) return "no entry waits for confirmation";
  const before = (await watching.ask("/overview")).text;
  const done = await acting.ask(form.action, form.fields);
  if (done.status >= 400) return `refused with ${done.status}`;
  const begun = performance.now();
  const after = (await watching.ask("/overview")).text;
  const took = (performance.now() - begun).toFixed(1);
  return before === after ? "NOT visible in the next answer" : `visible in the next answer (${took} ms)`;
}

/** The form that confirms: on the desk, on the list, or on the page of an entry. */
async function waiting(visitor) {
  const pages = ["/", "/desk", "/entries"];
  const seen = new Set(pages);
  for (let at = 0; at < pages.length && at < 60; at += 1) {
    const { status, text } = await visitor.ask(pages[at]);
    if (status !== 200) continue;
    const found = forms(text).find((form) => /confirm/.test(form.action) && form.post);
    if (found) return found;
    for (const [, path] of text.matchAll(/href="(\/entries\/[^"?#]+)"/g)) {
      if (!seen.has(path)) pages.push(seen.add(path) && path);
    }
  }
  return null;
}

/** The forms of a page with the fields a browser would send; of boxes to tick, the first. */
function forms(html) {
  const plain = (text) => text?.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#x2f;", "/");
  const of = (tag, name) => plain(new RegExp(`\\s${name}="([^"]*)"`, "i").exec(tag)?.[1]);
  return [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/gi)].map(([form]) => {
    const head = /^<form[^>]*>/i.exec(form)[0];
    const fields = [];
    let ticked = false;
    for (const [tag] of form.matchAll(/<input\b[^>]*>/gi)) {
      const type = of(tag, "type") ?? "text";
      if (!of(tag, "name") || ["submit", "radio", "file"].includes(type)) continue;
      if (type === "checkbox" && ticked) continue;
      ticked ||= type === "checkbox";
      fields.push([of(tag, "name"), of(tag, "value") ?? (type === "checkbox" ? "on" : "")]);
    }
    const button = [...form.matchAll(/<button\b[^>]*>/gi)].map(([tag]) => tag).find((tag) => /confirm/.test(tag));
    if (button && of(button, "name")) fields.push([of(button, "name"), of(button, "value") ?? ""]);
    return {
      action: (button && of(button, "formaction")) ?? of(head, "action") ?? "",
      post: /method="post"/i.test(head),
      fields,
    };
  });
}

const commands = { start, signin, confirm, wait: (url) => answer(url, null, 600_000).then(() => "") };
const [command, ...args] = process.argv.slice(2);
try {
  console.log(await commands[command](...args));
} catch (cause) {
  console.error(`bench: ${cause.message}`);
  process.exit(1);
}

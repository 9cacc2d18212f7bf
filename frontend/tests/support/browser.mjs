// Contexts that look like an office desk in Guangdong, and a watch over everything a page complains about.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { startServer } from "./server.mjs";

const ARGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
export const PASSWORD = "Jiedui-demo-2024";
export const SIZES = { phone: [390, 844], tablet: [768, 1024], office: [1366, 768], wide: [1920, 1080] };

let server;
let browser;
// Signing in costs a slow hash by design; an account does it once per run.
const cookies = new Map();

export async function open() {
  server = await startServer();
  const executablePath = process.env.JIEDUI_CHROMIUM || "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ARGS });
}

export async function close() {
  await browser?.close();
  await server?.stop();
}

export const address = () => server.url;

/** The provider of identities; whoever comes to it is its `holder`. */
export const provider = () => server.provider;

/** The outside system at the other end of 数据对接; it answers as it is told. */
export const partner = () => server.partner;

const size = (name) => ({ width: SIZES[name][0], height: SIZES[name][1] });

/** A page of nobody. `complaints` fills with console errors, refused policies, failed and wrong answers. */
export async function visit(options = {}) {
  const { at = "office", script = true, state } = options;
  const context = await browser.newContext({
    baseURL: server.url,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: size(at),
    javaScriptEnabled: script,
    storageState: state,
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.complaints = [];
  watch(page);
  return page;
}

function watch(page) {
  const say = (text) => page.complaints.push(`${page.url()}: ${text}`);
  page.on("pageerror", (error) => say(error.message));
  page.on("console", (message) => {
    // A page answered 404 or 422 on purpose is an "error" to the console; `response` below judges those.
    const refused = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refused) say(message.text());
  });
  page.on("response", (response) => {
    const wanted = response.request().isNavigationRequest();
    if (response.status() >= (wanted ? 500 : 400)) say(`${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    // A download ends its navigation; that is no failure.
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") say(`${reason} ${request.url()}`);
  });
}

export async function resize(page, name) {
  await page.setViewportSize(size(name));
}

export async function signInByHand(page, login, password = PASSWORD) {
  await page.goto("/signin");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
}

/** A page of this account, at its desk. */
export async function as(login, options = {}) {
  if (!cookies.has(login)) {
    const first = await visit();
    await signInByHand(first, login);
    // Who only looks begins with the overview, everybody else at the desk.
    await first.getByRole("heading", { level: 1, name: /^(我的工作台|全局概览)$/ }).waitFor();
    cookies.set(login, await first.context().storageState());
    await first.context().close();
  }
  const page = await visit({ ...options, state: cookies.get(login) });
  await page.goto("/");
  return page;
}

/** Ends a visit, and fails where a page complained. */
export async function leave(page) {
  const found = page.complaints;
  await page.context().close();
  assert.deepEqual(found, []);
}

export const main = (page) => page.locator("main");
export const title = (page) => page.getByRole("heading", { level: 1 }).innerText();
/** Presses a button of the page. */
export const press = (page, name) => main(page).getByRole("button", { name, exact: true }).click();
export const flash = (page) => page.locator(".flash").innerText();

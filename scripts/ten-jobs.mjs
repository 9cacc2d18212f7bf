// Ten jobs of daily work, walked on the demonstration with every field, press and page counted. Prints a Markdown table.
//   JIEDUI_BINARY=target/release/jiedui node scripts/ten-jobs.mjs    a demonstration of its own, the same every time
//   node scripts/ten-jobs.mjs --at http://127.0.0.1:8080    one that runs; each walk leaves its work there
//   --static frontend/static                        styles and scripts of this folder, not of the program
// How seconds are made of the counts, and what the numbers were before: docs/ten-jobs.md.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { TODAY, startServer } from "../frontend/tests/support/server.mjs";

const { chromium } = createRequire(new URL("../frontend/package.json", import.meta.url))("playwright-core");
const { values: asked } = parseArgs({ options: { at: { type: "string" }, static: { type: "string" } } });
const PASSWORD = "Jiedui-demo-2024";
// The keystroke-level model: a key, a pointing with its press, a thought before each field and each decision.
const [KEY, POINT, THINK] = [0.28, 1.1, 1.35];
// A Chinese sign is two or three letters and its part of the key that takes the word.
const KEYS_OF_A_SIGN = 3;
const DAY = "2026-11-20";
const SCHOOL = "五华县技工学校（示例）";
// A school of the demonstration has nine teachers: the tenth of a training is counted and not named.
const [TEN, NAMED] = [10, 9];

const keys = (text) => [...text].reduce((sum, sign) => sum + (sign.codePointAt(0) > 0x2e7f ? KEYS_OF_A_SIGN : 1), 0);

/** A hand at the mouse and the keyboard: it can do nothing that is not counted. */
class Hand {
  constructor(page) {
    Object.assign(this, { page, fields: 0, presses: 0, pages: 0, typed: 0, pointed: 0, thought: 0, waited: 0 });
    page.on("request", (one) => {
      // An act and where it leads is one page for whoever looks at the screen.
      if (one.isNavigationRequest() && one.frame() === page.mainFrame() && !one.redirectedFrom()) this.pages += 1;
    });
  }

  main() {
    return this.page.locator("main");
  }

  field(label) {
    return this.main().getByLabel(label, { exact: false }).filter({ visible: true }).first();
  }

  /** What the server and the browser take belongs to the job as well. */
  async answered(act) {
    const [began, pages] = [performance.now(), this.pages];
    await act();
    if (this.pages > pages) await this.page.waitForLoadState("load");
    this.waited += (performance.now() - began) / 1000;
  }

  async press(target, nth = 0) {
    this.presses += 1;
    this.pointed += 1;
    this.thought += 1;
    await this.answered(() => target.nth(nth).click());
  }

  async key(name) {
    this.presses += 1;
    this.typed += 1;
    await this.answered(() => this.page.keyboard.press(name));
  }

  /** Typed into where the cursor is. */
  async write(text) {
    this.fields += 1;
    this.thought += 1;
    this.typed += keys(text);
    await this.page.keyboard.insertText(text);
  }

  /** One goes there with the mouse, and types. A date is its eight digits. */
  async fill(target, text, pasted = false) {
    this.fields += 1;
    this.pointed += 1;
    this.thought += 1;
    this.typed += pasted ? 2 : keys(text.replace(/-/g, ""));
    this.presses += 1;
    await target.fill(text);
  }

  /** Opens the list and presses the choice. */
  async choose(target, at) {
    this.fields += 1;
    this.presses += 2;
    this.pointed += 2;
    this.thought += 1;
    await target.selectOption(at);
  }

  async tick(target) {
    this.fields += 1;
    this.presses += 1;
    this.pointed += 1;
    this.thought += 1;
    await target.check();
  }

  /** The picker of the operating system: find the file, open it. */
  async file(target, file) {
    this.fields += 1;
    this.presses += 3;
    this.pointed += 3;
    this.thought += 1;
    await target.setInputFiles(file);
  }

  button(name) {
    return this.main().getByRole("button", { name });
  }

  link(name) {
    return this.main().getByRole("link", { name });
  }

  seconds() {
    return this.typed * KEY + this.pointed * POINT + this.thought * THINK + this.waited;
  }
}

async function told(hand, words) {
  const text = await hand.page.locator("main, .flash").allInnerTexts();
  if (!text.some((one) => words.test(one))) throw new Error(`${hand.page.url()} does not say ${words}`);
}

/** A visit that the desk asks for. */
async function visit(hand) {
  await hand.press(hand.link("登记调研"));
  const who = hand.field("到校领导");
  if (await who.evaluate((one) => one.tagName === "SELECT")) await hand.choose(who, { index: 1 });
  else await hand.tick(hand.main().locator('input[name="person"]:not([value=""])').first());
  await hand.fill(hand.field("日期"), DAY);
  await hand.press(hand.button("登记调研"));
  await told(hand, /已登记/);
}

/** The visit was announced: the desk asks whether it took place. */
async function announced(hand) {
  await hand.press(hand.link("去登记"));
  await hand.press(hand.button("已如期开展，登记工作"));
  await told(hand, /已登记|台账/);
}

async function training(hand) {
  await hand.press(hand.link("登记工作"));
  await hand.press(hand.main().getByRole("link", { name: "师资培训" }));
  await hand.choose(hand.field("对口县级院校"), { label: SCHOOL });
  await hand.fill(hand.field("开始日期"), DAY);
  const [end, count] = [hand.field("结束日期"), hand.field("到训人次")];
  if ((await end.inputValue()) !== DAY) await hand.fill(end, DAY);
  const theirs = hand.main().locator("label.check", { hasText: SCHOOL });
  const names = (await theirs.allTextContents()).map((one) => one.split("（")[0].trim()).slice(0, NAMED);
  await hand.press(hand.main().locator("summary", { hasText: "受训教师" }));
  const paste = hand.main().locator("[data-names]");
  if (await paste.count()) await hand.fill(paste, names.join("\n"), true);
  else for (const name of names) await hand.tick(theirs.filter({ hasText: name }).locator("input"));
  if ((await count.inputValue()) !== String(TEN)) await hand.fill(count, String(TEN));
  await hand.press(hand.button("登记培训"));
  await told(hand, /已登记/);
}

async function confirmTen(hand) {
  await hand.press(hand.main().locator("td[data-label='事项'] a", { hasText: "师资培训" }));
  await hand.press(hand.main().locator("summary", { hasText: "部分确认" }));
  const part = hand.main().locator("details[open]");
  await hand.fill(part.getByLabel("确认的数"), "8");
  await hand.fill(part.getByLabel("理由"), "两人请假");
  await hand.press(part.getByRole("button", { name: "部分确认" }));
  await told(hand, /部分确认/);
  const rest = hand.main().locator('a[href="/?select=all"]');
  if (await rest.count()) await hand.press(rest);
  else {
    await hand.press(hand.page.locator('nav a[href="/"]'));
    // The link is a button where the script runs.
    await hand.press(hand.link("全选本页").or(hand.button("全选本页")));
  }
  await hand.press(hand.page.getByRole("button", { name: /^确认 \d+ 条/ }));
  await told(hand, /已确认/);
}

async function correct(hand) {
  await hand.press(hand.link("更正"));
  await hand.fill(hand.field("到训人次"), "20");
  await hand.press(hand.button("提交更正"));
  await told(hand, /20/);
}

/** By the search at the top, which one key opens. */
async function find(hand) {
  await hand.key("/");
  await hand.write("班主任");
  await hand.key("Enter");
  await hand.press(hand.main().locator("li", { hasText: /2025-\d\d/ }).getByRole("link", { name: "师资培训" }));
  await told(hand, /班主任/);
}

async function bring(hand, made) {
  await hand.press(hand.link("从表格导入"));
  await hand.file(hand.main().locator('input[type="file"]'), made);
  await hand.press(hand.button("检查并导入"));
  await hand.press(hand.button("确认写入"));
  await told(hand, /已导入|已写入|新增/);
}

const OF_THE_YEAR = [
  ["本届毕业生", "402"], ["不含升学的就业人数", "250"], ["含升学的就业人数", "390"], ["就业统计截止日", "2026-08-31"],
  ["取得技能等级证书的毕业生", "350"],
];

/** What carries over is there; what is of the year alone is typed. */
async function handIn(hand) {
  await hand.press(hand.link("去填报"));
  await hand.press(hand.link("填报"));
  for (const [label, value] of OF_THE_YEAR) await hand.fill(hand.main().getByLabel(label, { exact: true }), value);
  await hand.press(hand.button("提交基本情况"));
  const sure = await hand.main().locator('input[name="sure"]').all();
  for (const box of sure) await hand.tick(box);
  if (sure.length) await hand.press(hand.button("提交基本情况"));
  await told(hand, /已提交/);
}

async function print(hand) {
  await hand.press(hand.page.locator('nav a[href="/plans"]'));
  const paper = hand.main().locator('tbody a[href$="/paper"]');
  if (await paper.count()) await hand.press(paper);
  else {
    await hand.press(hand.main().locator('tbody a[href^="/plans/"]'));
    await hand.press(hand.link("打印稿"));
  }
  await hand.key("Control+p");
}

async function answer(hand) {
  await hand.press(hand.main().locator(".task", { hasText: "有异议" }).getByRole("link", { name: "去处理" }));
  await hand.press(hand.link("更正"));
  await hand.fill(hand.field("对异议的答复"), "日期写错了，已改");
  await hand.press(hand.button("提交更正"));
  await told(hand, /更正/);
}

/** In the demonstration every school has its list already: the same presses end in the page that says so. */
async function nextYear(hand) {
  await hand.press(hand.page.locator('nav a[href="/projects"]'));
  await hand.press(hand.link("拟新的清单"));
  await hand.choose(hand.field("对口县级院校"), { label: SCHOOL });
  const year = hand.field("年度");
  if (!(await year.locator("option:checked").innerText()).startsWith("2027")) await hand.choose(year, { label: "2027年" });
  await hand.tick(hand.field("以上一年的全部项目作底稿"));
  await hand.press(hand.button("建清单"));
  await told(hand, /2027/);
}

/** Where a job begins is no part of it. */
const JOBS = [
  ["从工作台登记一次调研", "qiantou", "/", visit],
  ["同上，事先预告过的活动", "qiantou", "/", announced],
  ["登记一次十人的培训", "qiantou", "/", training],
  ["确认十条，其中一条部分确认", "xianji", "/", confirmTen],
  ["更正一处错误", "qiantou", mine, correct],
  ["按主题找去年的培训", "qiantou", "/", find],
  ["从 Excel 带入项目清单", "qiantou", draft, bring],
  ["报送年度基本情况", "xianji", "/", handIn],
  ["打印协作方案", "xianji", "/", print],
  ["答复一条异议", "qiantou", "/", answer],
  ["拟下一年的清单", "qiantou", "/", nextYear],
];

/** An entry that one claimed and nobody answered. */
async function mine(page) {
  await page.goto("/entries?mine=yes&state=claimed&activity=teacher-training");
  await page.locator("td[data-label='事项'] a").first().click();
}

/** A list that is being drawn up, and two projects for it as they come from a sheet of the college. */
async function draft(page) {
  await page.goto("/lists?year=2027&state=draft");
  await page.locator('tbody a[href^="/lists/"]').first().click();
  await page.waitForURL(/\/lists\/[0-9a-f]{32}/);
  const heads = ["项目名称", "回应的需求", "年底成果", "数量", "单位", "责任单位", "开始日期", "结束日期"];
  const rest = ["特色亮点", "参训教师完成一门课程的教学设计", "30", "人次", "广东省百工技师学院（示例）", "2027-03-01", "2027-11-30"];
  const lines = [heads, ["课程设计工作坊（示例）", ...rest], ["教学诊断与改进（示例）", ...rest]].map((cells) => cells.join(","));
  return { name: "项目清单.csv", mimeType: "text/csv", buffer: Buffer.from(`\uFEFF${lines.join("\r\n")}`) };
}

async function signedIn(browser, url, login) {
  const context = await browser.newContext({ baseURL: url, locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1366, height: 768 } });
  context.setDefaultTimeout(10_000);
  if (asked.static) {
    await context.route("**/static/*", async (route) => {
      const name = path.basename(new URL(route.request().url()).pathname);
      const body = await readFile(path.join(asked.static, name)).catch(() => null);
      return body ? route.fulfill({ body, contentType: name.endsWith(".js") ? "text/javascript" : "text/css" }) : route.continue();
    });
  }
  const page = await context.newPage();
  await page.goto("/signin");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL((at) => at.pathname !== "/signin");
  return page;
}

async function walk(page, [name, , start, job]) {
  let given;
  if (typeof start === "string") await page.goto(start);
  else given = await start(page);
  const hand = new Hand(page);
  await job(hand, given);
  return [name, hand.fields, hand.presses, hand.pages, hand.typed, hand.waited.toFixed(1), hand.seconds().toFixed(0)];
}

const server = asked.at ? { url: asked.at, stop: async () => {} } : await startServer();
const executablePath = process.env.JIEDUI_CHROMIUM || "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
const pages = new Map();
let failed = false;
console.log(`| job (${TODAY}) | fields | presses | pages | keys | waited s | seconds |\n|---|--:|--:|--:|--:|--:|--:|`);
for (const job of JOBS) {
  if (!pages.has(job[1])) pages.set(job[1], await signedIn(browser, server.url, job[1]));
  try {
    const row = await walk(pages.get(job[1]), job);
    console.log(`| ${row.join(" | ")} |`);
  } catch (error) {
    failed = true;
    console.error(`${job[0]}: ${error.message.split("\n")[0]} (${pages.get(job[1]).url()})`);
  }
}
await browser.close();
await server.stop();
process.exitCode = failed ? 1 : 0;

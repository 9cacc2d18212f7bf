// 临时要数: answered from what there is, only who lacks something is asked, and what was asked is found again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";
import { onDesk } from "./support/desk.mjs";
import { newcomer } from "./support/holders.mjs";

const FIGURE = "专任教师数";
const TITLE = "省政府督查用，要全省专任教师数（示例）";
const DUE = "2026-12-08";
/** What no year takes over from the last. */
const OF_THE_YEAR = [
  ["本届毕业生", "102"], ["不含升学的就业人数", "60"], ["含升学的就业人数", "98"], ["就业统计截止日", "2026-08-31"],
  ["取得技能等级证书的毕业生", "80"],
];

let question;
let school;
let before;

const table = (page, heading) => main(page).locator("section", { has: page.getByRole("heading", { name: heading, exact: true }) });
const lacking = (page) => table(page, "缺什么").locator("table").first().locator("tbody tr");
const cell = (row, label) => row.locator(`td[data-label="${label}"]`).innerText();

/** What is reported and what of it is confirmed, over all. */
async function total(page) {
  const row = table(page, "答案").locator("tbody tr").last();
  return row.locator(".figure").evaluateAll((list) => list.map((one) => Number(one.dataset.raw)));
}

test("a figure is chosen by name; the answer stands there at once, with its day, and names who is missing", async () => {
  const office = await as("sheng");
  await office.goto("/questions/new");
  await press(office, "看答案");
  assert.match(await main(office).locator("#errors").innerText(), /请选要哪些数/);
  await main(office).getByLabel("再加一个数").fill("教师幸福指数");
  await press(office, "看答案");
  assert.match(await main(office).locator("#errors").innerText(), /没有叫“教师幸福指数”的数[\s\S]*先改方案/);
  await main(office).getByLabel("再加一个数").fill(FIGURE);
  await press(office, "看答案");
  assert.match(await table(office, "答案").innerText(), /2026年度，截至 2026年11月24日/);
  before = await total(office);
  assert.ok(before[0] > before[1] && before[1] > 0, `reported ${before[0]}, confirmed ${before[1]}`);
  const gaps = await lacking(office).count();
  assert.ok(gaps > 3 && gaps < 41);
  // The same from the figure itself: nothing is counted twice, nothing is made up.
  await office.goto("/indicators/full-time-teachers?year=2026");
  const sums = main(office).locator(".entry-sum .figure, .sum .figure, .pair .figure");
  const shown = await sums.evaluateAll((list) => list.map((one) => Number(one.dataset.raw)));
  assert.deepEqual(shown.slice(0, 2), before);
  await leave(office);
});

test("kept with a line; then only who lacks something is asked, with days enough, for the form they have anyway", async () => {
  const office = await as("sheng");
  await office.goto("/questions/new?figure=full-time-teachers&year=2026&split=whole");
  await press(office, "存下，以后能找到");
  assert.match(await main(office).locator("#errors").innerText(), /谁要、作什么用/);
  await main(office).locator('input[name="title"]').fill(TITLE);
  await press(office, "存下，以后能找到");
  assert.match(await flash(office), /已存下/);
  question = new URL(office.url()).pathname;

  const rows = await lacking(office).all();
  const owing = [];
  for (const row of rows) {
    const [why, asked] = [await cell(row, "情况"), await cell(row, "已请补报")];
    if (/还没有填|没有提交/.test(why) && asked === "—") owing.push(await cell(row, "学校"));
    if (/还没有填/.test(why) && asked === "—") school ??= await cell(row, "学校");
  }
  assert.ok(owing.length < rows.length, "some have reported, or were asked before");
  await main(office).getByLabel("最晚哪天补报").fill("2026-11-25");
  await press(office, "请缺数的单位补报");
  assert.match(await main(office).locator("#errors").innerText(), /至少要给学校 5 个工作日/);
  await main(office).getByLabel("最晚哪天补报").fill(DUE);
  await press(office, "请缺数的单位补报");
  assert.match(await flash(office), /其他学校不打扰/);
  const asked = await table(office, "缺什么").locator("h3 + table tbody td:first-child").allInnerTexts();
  assert.deepEqual(asked.toSorted(), owing.toSorted());
  assert.equal(await main(office).getByRole("button", { name: "请缺数的单位补报" }).count(), 0, "nobody is asked twice");
  // An office of another part of the province sees neither the question nor a way to touch it.
  const city = await as("shi");
  assert.equal((await city.goto(question)).status(), 404);
  for (const page of [office, city]) await leave(page);
});

test("the school is told once, fills in the form it has, and the line is gone from its desk", async () => {
  const page = await newcomer(school, "县级院校");
  const errand = () => onDesk(page, "补报年度基本情况");
  assert.ok((await (await errand()).innerText()).includes(TITLE), "one, and it says what for");
  // What was told before the account was made is there to be read, and is not new.
  await page.goto("/notices?kind=urged");
  const told = main(page).locator("tbody tr", { hasText: TITLE });
  assert.deepEqual([await told.count(), await told.getByRole("button", { name: "打开" }).count()], [1, 0]);
  await (await errand()).getByRole("link").first().click();
  const request = new URL(page.url()).pathname;
  assert.match(request, /^\/requests\//);
  assert.ok((await main(page).innerText()).includes("2026年12月8日"));
  assert.equal((await page.request.get(question)).status(), 403, "what the office asked others is not the school's to read");
  await main(page).getByRole("link", { name: "去填报" }).click();
  await press(page, "沿用上年的数");
  assert.match(await flash(page), /已带出上年的数/);
  for (const [label, value] of OF_THE_YEAR) await main(page).getByLabel(label, { exact: true }).fill(value);
  await press(page, "提交基本情况");
  if (!(await page.locator(".flash").count())) {
    for (const box of await main(page).locator('input[name="sure"]').all()) await box.check();
    await press(page, "提交基本情况");
  }
  assert.match(await flash(page), /已提交/);
  assert.equal(await (await errand()).count(), 0);
  await page.goto(request);
  assert.doesNotMatch(await main(page).locator(".entry-sum").innerText(), /待补报/);
  assert.equal(await main(page).getByRole("link", { name: "去填报" }).count(), 0);
  await leave(page);
});

test("the office finds its question by a word of it, sees what came in and what changed, and keeps it anew", async () => {
  const office = await as("sheng");
  await office.goto("/questions");
  await main(office).getByLabel("谁要什么，或数的名称").fill("省政府督查");
  await press(office, "筛选");
  assert.equal(await main(office).locator("tbody tr").count(), 1);
  await main(office).locator("tbody a", { hasText: TITLE }).click();
  assert.equal(new URL(office.url()).pathname, question);
  const now = await total(office);
  assert.ok(now[0] > before[0], "what was handed in is reported");
  assert.equal(now[1], before[1], "and counts when the bureau has accepted it");
  assert.match(await cell(lacking(office).filter({ hasText: school }), "情况"), /待主管人社局接收/);
  const change = table(office, "存下的答案").locator("tbody tr", { hasText: FIGURE });
  assert.ok((await change.count()) > 0, "what changed since stands there");
  await press(office, "存下这次的答案");
  assert.match(await flash(office), /存下/);
  assert.equal(await table(office, "存下的答案").locator("table").first().locator("tbody tr").count(), 2);
  // What was kept first says what it said.
  await table(office, "存下的答案").locator("table").first().locator("tbody a").last().click();
  assert.deepEqual(await total(office), before);
  const book = await office.request.get(await main(office).getByRole("link", { name: "导出表格" }).getAttribute("href"));
  assert.equal((await book.body()).toString("latin1", 0, 2), "PK");

  await office.goto(question);
  await press(office, "撤销补报");
  await office.locator("dialog.ask .button-primary").click();
  const states = await table(office, "缺什么").locator('h3 + table td[data-label="状态"]').allInnerTexts();
  assert.equal(states.some((one) => one.includes("待补报")), false, "nobody owes it any more");
  await leave(office);
});

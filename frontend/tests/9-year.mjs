// A year's list played through by its five parties, two browsers side by side: recalled, mended by two at once, agreed,
// commented on, filed, worked off, and changed by an amendment.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";
import { HOME } from "./support/clocks.mjs";

const NEXT = 2027;
const NAME = "数控教师两期轮训";
/** Of this year and filed; how much of it is confirmed depends on what the stories before this one did. */
const RUNNING = "竞赛教练培养";
const state = (page) => main(page).locator("dl.facts dd .state").first().innerText();

let list;
let project;

/** The list of next year at the county school of the demonstration's accounts. */
async function find(page) {
  await page.goto(`/lists?year=${NEXT}&q=${encodeURIComponent(HOME)}`);
  list = await main(page).locator("tbody a").first().getAttribute("href");
  assert.match(list, /^\/lists\//);
  await page.goto(list);
}

test("the lead takes the list back and adds a project that answers a need", async () => {
  const lead = await as("qiantou");
  await find(lead);
  assert.equal(await state(lead), "征求同意");
  await press(lead, "收回修改");
  await lead.locator("dialog").getByRole("button", { name: "收回修改" }).click();
  assert.match(await flash(lead), /已收回/);
  await main(lead).getByRole("link", { name: "增加项目" }).click();
  await press(lead, "加入清单");
  const told = await main(lead).locator("#errors").innerText();
  assert.match(told, /项目名称/);
  assert.match(told, /数量/);
  await lead.getByLabel("回应哪一项需求").selectOption({ index: 1 });
  await lead.getByLabel("项目名称").fill(NAME);
  await lead.getByLabel("年底成果").fill("两个专业的教师都轮训一遍");
  await lead.getByLabel("数量").fill("30");
  await lead.getByLabel("单位", { exact: true }).selectOption({ label: "人次" });
  await press(lead, "加入清单");
  assert.match(await flash(lead), /已加入清单/);
  project = await main(lead).getByRole("link", { name: NAME }).getAttribute("href");
  await leave(lead);
});

test("two at one project: the slower sees both versions and loses nothing", async () => {
  const [one, two] = [await as("qiantou"), await as("qiantou")];
  await one.goto(`${project}/edit`);
  await two.goto(`${project}/edit`);
  await one.getByLabel("年底成果").fill("甲改的成果");
  await press(one, "保存");
  assert.match(await flash(one), /已保存/);
  await two.getByLabel("年底成果").fill("乙改的成果");
  const answered = two.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/edit"));
  await press(two, "保存");
  assert.equal((await answered).status(), 409);
  assert.match(await main(two).innerText(), /刚保存过这个项目/);
  assert.match(await main(two).locator(".theirs").innerText(), /甲改的成果/);
  assert.equal(await two.getByLabel("年底成果").inputValue(), "乙改的成果");
  await press(two, "保存");
  assert.match(await flash(two), /已保存/);
  await leave(one);
  await leave(two);
});

test("handed in, it waits on the desks of the two others, who agree side by side", async () => {
  const lead = await as("qiantou");
  await lead.goto(list);
  await press(lead, "提交清单");
  assert.match(await flash(lead), /已提交/);
  await leave(lead);
  const [nearby, school] = [await as("peihe"), await as("xianji")];
  for (const page of [nearby, school]) {
    const task = main(page).locator(".task", { hasText: "清单征求同意" }).first();
    await task.getByRole("link", { name: "去答复" }).waitFor();
    await page.goto(list);
  }
  // Both pages are open before either answers: one does not tell the other that somebody was faster.
  await press(nearby, "同意这份清单");
  assert.match(await flash(nearby), /已同意/);
  await press(school, "同意这份清单");
  assert.match(await flash(school), /已同意/);
  assert.equal(await state(school), "待备案");
  await leave(nearby);
  await leave(school);
});

test("the city says its word, and the office files it with a number", async () => {
  const office = await as("shenhe");
  await office.goto(list);
  assert.equal(await office.getByLabel("备案编号").count(), 0, "the city still has its time");
  const city = await as("shi");
  await city.goto(list);
  await city.getByLabel("意见", { exact: true }).fill("无意见");
  await press(city, "提交意见");
  assert.match(await flash(city), /意见已提交/);
  const clerk = await as("sheng");
  await clerk.goto(list);
  assert.equal(await clerk.getByLabel("备案编号").count(), 0, "one prepares, another releases");
  assert.match(await main(clerk).innerText(), /由审核备案/);
  await leave(clerk);
  await office.reload();
  assert.match(await office.getByLabel("备案编号").inputValue(), /〔2027〕/);
  await press(office, "备案");
  assert.match(await flash(office), /已备案/);
  assert.equal(await state(office), "已备案");
  await leave(city);
  await leave(office);
});

/** The page that registers a training on a project, with its dates and number filled in. */
async function training(page, on, persons) {
  await page.goto(on);
  await main(page).getByRole("link", { name: "登记培训" }).first().click();
  await page.getByLabel("开始日期").fill("2026-11-02");
  await page.getByLabel("结束日期").fill("2026-11-06");
  await page.getByLabel("到训人次").fill(String(persons));
  await press(page, "登记培训");
}

test("work of before its dates is none of the project's", async () => {
  const lead = await as("qiantou");
  await training(lead, project, 30);
  assert.match(await main(lead).locator("#errors").innerText(), /不能算进它/);
  assert.match(await lead.getByLabel("属于哪个项目").locator("option:checked").innerText(), new RegExp(NAME));
  await leave(lead);
});

/** What a project's page says was registered and confirmed. */
async function done(page) {
  const [, claimed, confirmed] = (await main(page).innerText()).match(/登记\n(\d+)人次\n确认\n(\d+)人次/);
  return { claimed: Number(claimed), confirmed: Number(confirmed) };
}

test("work that names a project moves it once the other side confirms", async () => {
  const lead = await as("qiantou");
  await lead.goto(`/lists?year=${NEXT - 1}&q=${encodeURIComponent(HOME)}`);
  await lead.goto(await main(lead).locator("tbody a").first().getAttribute("href"));
  const running = await main(lead).getByRole("link", { name: RUNNING }).first().getAttribute("href");
  await lead.goto(running);
  const before = await done(lead);
  await training(lead, running, 30);
  assert.match(await flash(lead), /已登记/);
  const entry = new URL(lead.url()).pathname;
  await lead.goto(running);
  assert.deepEqual(await done(lead), { ...before, claimed: before.claimed + 30 });
  const school = await as("xianji");
  await school.goto(entry);
  await press(school, "确认这一条");
  await lead.reload();
  assert.deepEqual(await done(lead), { claimed: before.claimed + 30, confirmed: before.confirmed + 30 });
  assert.match(await main(lead).innerText(), /已完成/);
  await lead.getByLabel("办成了什么").fill("两个专业的教师都会用新设备");
  await press(lead, "结项");
  assert.match(await flash(lead), /已结项/);
  await school.goto(running);
  assert.match(await main(school).innerText(), /都会用新设备/);
  await leave(lead);
  await leave(school);
});

test("what is in force stays until the amendment is filed", async () => {
  const lead = await as("qiantou");
  await lead.goto(list);
  await main(lead).getByRole("link", { name: "修改", exact: true }).first().click();
  await lead.getByLabel("年底成果").fill("多做一期");
  await press(lead, "保存");
  assert.match(await flash(lead), /重新备案后生效/);
  assert.equal(await state(lead), "变更中");
  assert.match(await main(lead).innerText(), /与已备案内容相比/);
  assert.match(await main(lead).innerText(), /多做一期/);
  await press(lead, "恢复");
  await lead.goto(`${list}/changes`);
  assert.equal(await title(lead), "历次备案");
  await leave(lead);
});

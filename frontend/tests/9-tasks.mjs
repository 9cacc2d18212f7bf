// The twelve tasks of the plan, one walk through each: made by one side, confirmed by the other, seen where it counts.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";
import { HOME } from "./support/clocks.mjs";
import { confirm, fill, make } from "./support/forms.mjs";

const SHOTS = process.env.JIEDUI_SHOTS;
/** What no year takes over from the last. */
const OF_THE_YEAR = [
  ["本届毕业生", "402"], ["不含升学的就业人数", "250"], ["含升学的就业人数", "390"], ["就业统计截止日", "2026-08-31"],
  ["取得技能等级证书的毕业生", "350"],
];
const raw = async (page) => Number(await main(page).locator(".entry-sum .figure").last().getAttribute("data-raw"));

/** A picture for whoever wants to look: JIEDUI_SHOTS names a folder. */
async function look(page, name) {
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** The confirmed figure of an indicator for the whole province. */
async function figure(page, indicator) {
  await page.goto(`/indicators/${indicator}?year=2026`);
  return raw(page);
}

/** Made by one account, confirmed by another; an indicator moves by as much. */
async function walk({ task, by, path, button, given, answer, indicator, more }) {
  const [maker, office] = [await as(by), await as("sheng")];
  const before = indicator ? await figure(office, indicator) : 0;
  await maker.goto(path);
  await look(maker, `${task}-form`);
  const thing = await make(maker, path, button, given);
  const other = await as(answer);
  await confirm(other, thing);
  await look(other, `${task}-confirmed`);
  if (indicator) {
    assert.equal(await figure(office, indicator), before + more);
    assert.ok((await main(office).locator(`[data-behind] a[href="${thing}"]`).count()) > 0, "the figure opens to it");
    await look(office, `${task}-figure`);
  }
  for (const page of [maker, office, other]) await leave(page);
  return thing;
}

/** What is of the year alone is typed anew; what differs much from last year is asked about once. */
async function handIn(school) {
  for (const [label, value] of OF_THE_YEAR) await main(school).getByLabel(label, { exact: true }).fill(value);
  await press(school, "提交基本情况");
  if (!(await school.locator(".flash").count())) {
    await look(school, "T01-asked");
    for (const box of await main(school).locator('input[name="sure"]').all()) await box.check();
    await press(school, "提交基本情况");
  }
  assert.match(await flash(school), /已提交/);
}

test("1 conditions: the year-profile is carried over, handed in and accepted; the school stands to its standard", async () => {
  const school = await as("xianji");
  await school.goto("/profiles");
  await look(school, "T01-profiles");
  const year = main(school).locator('a[href*="/2026"]').first();
  const base = (await year.getAttribute("href")).replace(/\/edit$/, "");
  await school.goto(base);
  await press(school, "沿用上年的数");
  assert.match(await flash(school), /已带出上年的数/);
  await look(school, "T01-carried");
  await handIn(school);
  await look(school, "T01-handed-in");
  const bureau = await as("xian");
  await bureau.goto(base);
  await look(bureau, "T01-to-accept");
  await press(bureau, "接收这份基本情况");
  assert.match(await flash(bureau), /已接收|定稿/);
  await school.goto(base.replace("/profiles/", "/attainment/").replace("/2026", "/gaps"));
  assert.match(await main(school).innerText(), /达标|未达标|暂不能判定/);
  await look(school, "T01-gaps");
  for (const page of [school, bureau]) await leave(page);
});

test("2 quality: what is lacking for an application is said item by item; recommended and decided", async () => {
  const [school, city, office] = [await as("xianji"), await as("shi"), await as("sheng")];
  await school.goto("/applications/open");
  assert.match(await main(school).innerText(), /示范性技工学校申报/);
  await look(school, "T02-open");
  await school.goto("/applications/new/demonstration-school");
  await fill(school);
  await main(school).locator("form.form button[type=submit]").first().click();
  const path = new URL(school.url()).pathname;
  assert.match(path, /^\/applications\/[^/]+$/);
  await press(school, "提请推荐");
  await city.goto(path);
  await press(city, "推荐");
  await school.goto(path);
  const reason = main(school).getByLabel("理由", { exact: false });
  if (await reason.count()) await reason.first().fill("条件正在补齐，请主管部门决定");
  await press(school, "递交申报");
  await office.goto(path);
  await main(office).getByText("结果已定，登记下来").click();
  await fill(office, { 决定的日期: "2026-11-24" });
  await press(office, "登记获批");
  assert.match(await main(office).innerText(), /形成的成果/);
  await look(office, "T02-granted");
  for (const page of [school, city, office]) await leave(page);
});

test("3 platforms: a training system stands", async () => {
  await walk({ task: "T03", by: "qiantou", path: "/outputs/new/training-system", button: "登记协作成果", answer: "xianji" });
});

test("4 teachers: a training names who was trained; coverage is counted by person", async () => {
  await walk({
    task: "T04", by: "qiantou", path: "/entries/new/teacher-training", button: "登记培训", answer: "xianji",
    given: { 到训人次: "12" }, indicator: "trained-teachers", more: 12,
  });
});

test("5 majors: the committee guides; the school sees advice with its reasons", async () => {
  await walk({ task: "T05", by: "sheng", path: "/entries/new/major-guidance", button: "登记专业指导", answer: "xianji" });
  const school = await as("xianji");
  await school.goto("/majors");
  await look(school, "T05-majors");
  assert.match(await title(school), /专业/);
  await leave(school);
});

test("6 enterprises: a class named by an enterprise", async () => {
  await walk({ task: "T06", by: "qiantou", path: "/outputs/new/cooperative-class", button: "登记班级", answer: "xianji" });
});

test("7 contests: entrants, confirmed by the county bureau", async () => {
  await walk({ task: "T07", by: "xianji", path: "/entries/new/contest-entry", button: "登记参赛", answer: "xian" });
});

test("8 the skills chain: a word that nobody has defined is marked wherever it stands", async () => {
  const thing = await walk({
    task: "T08", by: "xianji", path: "/entries/new/social-training", button: "登记社会培训", answer: "xian",
    given: { 培训形式: "技培生培训（定义未下达）", 学徒或技培生人数: "3", 哪条链: "示例走查生态链" },
  });
  const school = await as("xianji");
  await school.goto(thing);
  assert.match(await main(school).innerText(), /定义未下达/);
  await school.goto("/chains?q=走查");
  await main(school).getByRole("link", { name: "示例走查生态链" }).click();
  assert.equal(await main(school).locator(`a[href="${thing}"]`).first().count(), 1, "the chain shows what names it");
  await leave(school);
});

test("9 social training: income in yuan, with cents, and not one person-time more for it", async () => {
  const office = await as("sheng");
  const persons = await figure(office, "social-training");
  const thing = await walk({
    task: "T09", by: "xianji", path: "/entries/new/training-income", button: "登记培训收入", answer: "xian",
    given: { 培训收入: "12500.50" },
  });
  await office.goto(thing);
  assert.match(await main(office).innerText(), /12500\.50\s*元/);
  assert.equal(await figure(office, "social-training"), persons);
  await leave(office);
});

test("10 evaluation: certificates", async () => {
  await walk({ task: "T10", by: "xianji", path: "/entries/new/certification", button: "登记评价", answer: "xian" });
});

test("11 industry: training in one of the six fields", async () => {
  await walk({
    task: "T11", by: "qiantou", path: "/entries/new/social-training", button: "登记社会培训", answer: "xianji",
    indicator: "trained-ecommerce", more: 4, given: { 参训人次: "4", 所属领域: "农村电商" },
  });
});

test("12 employment: the school is in the province's recruitment system", async () => {
  await walk({ task: "T12", by: "xianji", path: "/outputs/new/recruitment-system", button: "登记加入或备案", answer: "xian" });
  const office = await as("sheng");
  await office.goto(`/outputs?type=recruitment-system&q=${encodeURIComponent(HOME)}`);
  assert.match(await main(office).innerText(), /加入与备案/);
  await look(office, "T12-list");
  await leave(office);
});

test("a form with kinds asks what its kind needs, and without script says when each applies", async () => {
  const school = await as("xianji");
  await school.goto("/entries/new/social-training");
  const field = (label) => main(school).getByLabel(label, { exact: false });
  assert.equal(await field("学徒或技培生人数").isVisible(), false);
  await field("培训形式").selectOption({ label: "生态链学徒制" });
  assert.equal(await field("学徒或技培生人数").isVisible(), true);
  assert.equal(await field("所属领域").isVisible(), false);
  await look(school, "kinds-apprentice");
  await field("培训形式").selectOption({ index: 0 });
  assert.equal(await field("学徒或技培生人数").isVisible(), false);
  assert.equal(await field("所属领域").isVisible(), true);
  await look(school, "kinds-plain");
  await leave(school);
});

test("pasted names tick the roster of the chosen school and count it; who is not found is named", async () => {
  const page = await as("qiantou");
  // Nothing is sent, so nothing is to be kept either.
  await page.route("**/drafts/**", (route) => route.fulfill({ status: 200, body: "" }));
  await page.goto("/entries/new/teacher-training");
  const field = (label) => main(page).getByLabel(label, { exact: false });
  await field("对口县级院校").selectOption({ label: HOME });
  await field("开始日期").fill("2026-11-20");
  assert.equal(await field("结束日期").inputValue(), "2026-11-20", "most last a day");
  await main(page).getByText("受训教师（选填）").first().click();
  const people = main(page).locator("label.check", { has: page.locator("[name=roster]") }).filter({ visible: true });
  const texts = await people.allTextContents();
  assert.ok(texts.length > 2 && texts.every((text) => text.includes(HOME)), "only those of the school");
  const names = texts.slice(0, 3).map((text) => text.split("（")[0].trim());
  await field("粘贴姓名").fill(`${names.join("、")}\n查无此人`);
  assert.equal(await main(page).locator("[name=roster]:checked").count(), 3);
  assert.equal(await field("到训人次").inputValue(), "3");
  assert.match(await main(page).locator("fieldset [role=status]").innerText(), /已勾选 3 人；没有对上：查无此人/);
  await field("到训人次").fill("9");
  await people.nth(3).locator("input").check();
  assert.equal(await field("到训人次").inputValue(), "9", "what somebody wrote stays");
  await leave(page);
});

// A month played through by school, county, city and province: asked back, mended, questioned at one figure, closed, told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";
import { HOME } from "./support/clocks.mjs";
import { onDesk } from "./support/desk.mjs";
import { confirm, make } from "./support/forms.mjs";
import { papers } from "./support/papers.mjs";

const MONTH = "/months/202610";
const NAME = "2026年10月";
const FIGURE = "社会培训人次";
const FORGOTTEN = "漏登了十月的一期社会培训，也没有写缺教师的事（示例）。";
const TROUBLE = "缺两名焊接教师，请市里协调（示例）。";
const WORD = "十月集中办了一期师资培训，人次属实（示例）。";
const DOUBT = "七人次偏少，请对一下签到表（示例）。";
const ANSWER = "签到表上是九人，已经更正（示例）。";

/** Where the month of the school of the demonstration's accounts is. */
let at;
let entry;

const state = (page) => main(page).locator(".entry-sum .state").first().innerText();
const said = async (page, text) => (await main(page).innerText()).includes(text);

/** What a column of the month says of the figure; 0 where the month does not list it. */
async function figure(page, column) {
  const row = main(page).locator("tbody tr").filter({ has: page.locator(`td[data-label="指标"]:text-is("${FIGURE}")`) });
  const cell = row.locator(`td[data-label="${column}"] .figure`);
  return (await cell.count()) === 0 ? 0 : Number(await cell.getAttribute("data-raw"));
}

async function accept(login) {
  const page = await as(login);
  await page.goto(at);
  await press(page, "接收");
  assert.match(await flash(page), /已接收/);
  return page;
}

test("a school that forgot something asks its month back, and whoever accepts next sends it", async () => {
  const school = await as("xianji");
  await school.goto(MONTH);
  at = await main(school).locator("tbody a", { hasText: HOME }).getAttribute("href");
  await school.goto(at);
  assert.equal(await state(school), "县局已接收，待市局接收");
  assert.equal(await main(school).getByLabel("问题与诉求").count(), 0, "what is accepted is not rewritten");
  await main(school).getByText("申请退回补充").click();
  await press(school, "申请退回");
  const told = main(school).locator("#errors a");
  assert.match(await told.innerText(), /请写明要补充什么/);
  await told.click();
  await main(school).getByLabel("要补充什么").fill(FORGOTTEN);
  await press(school, "申请退回");
  assert.match(await flash(school), /已提出/);

  const city = await as("shi");
  assert.equal(await (await onDesk(city, `有学校申请退回${NAME}`)).count(), 1);
  await city.goto(MONTH);
  const row = main(city).locator("tbody tr", { hasText: HOME });
  assert.ok((await row.innerText()).includes(FORGOTTEN), "the list says why");
  await row.locator("a").first().click();
  await main(city).getByText("退回学校核对").click();
  await press(city, "退回");
  assert.match(await main(city).locator("#errors").innerText(), /哪里需要核对/);
  await main(city).getByLabel("哪里需要核对").fill("同意退回（示例）");
  await press(city, "退回");
  assert.match(await flash(city), /已退回学校/);
  assert.equal(await state(city), "待县局接收");
  assert.equal(await (await onDesk(school, `${NAME}的月调度被退回`)).count(), 1);
  assert.equal(await (await onDesk(city, `有学校申请退回${NAME}`)).count(), 0);
  for (const page of [school, city]) await leave(page);
});

test("what was forgotten is entered and confirmed, the trouble written; county and city accept once each", async () => {
  const school = await as("xianji");
  await school.goto(at);
  const [claimed, confirmed] = [await figure(school, "本月登记"), await figure(school, "本月确认")];
  const given = { 开始日期: "2026-10-20", 结束日期: "2026-10-21", 参训人次: "7" };
  entry = await make(school, "/entries/new/social-training", "登记社会培训", given);
  await school.goto(at);
  assert.equal(await figure(school, "本月登记"), claimed + 7);
  assert.equal(await figure(school, "本月确认"), confirmed, "not counted before the county says so");
  const county = await as("xian");
  await confirm(county, entry);
  await school.goto(at);
  assert.equal(await figure(school, "本月确认"), confirmed + 7);
  await main(school).getByLabel("问题与诉求").fill(TROUBLE);
  await press(school, "保存");
  assert.match(await flash(school), /已保存/);
  // What is unusual is pointed out to the school first, which may say a word to it.
  assert.match(await main(school).locator(".notice-info", { hasText: "请留意" }).first().innerText(), /只是提示/);
  await main(school).getByLabel("说明一句").fill(WORD);
  await press(school, "附上说明");
  assert.match(await flash(school), /已附上/);
  assert.equal(await main(school).getByLabel("说明一句").inputValue(), WORD);

  // Two windows, one press each: the second changes nothing.
  const again = await as("xian");
  await again.goto(at);
  await county.goto(MONTH);
  assert.ok(await said(county, WORD), "whoever accepts many reads it in the list");
  await main(county).locator('td.pick input[type="checkbox"]').check();
  await main(county).locator(".bulk-acts button").click();
  assert.match(await flash(county), /已接收 1 所/);
  await press(again, "接收");
  assert.match(await main(again).innerText(), /接收过的不用再接收/);
  await again.goto(at);
  assert.equal(await state(again), "县局已接收，待市局接收");
  assert.equal(await main(again).locator(".timeline li", { hasText: "县局经办人" }).first().getByText("接收").count(), 1);
  await school.goto(at);
  assert.equal(await main(school).getByLabel("问题与诉求").count(), 0);

  const city = await accept("shi");
  assert.equal(await state(city), "市局已接收，待省办接收");
  assert.ok(await said(city, TROUBLE));
  for (const page of [school, county, again, city]) await leave(page);
});

test("the province doubts one figure: the doubt is found at that figure, and in the list, by those whom it concerns", async () => {
  const office = await as("sheng");
  await office.goto(at);
  await main(office).getByText("退回学校核对").click();
  await main(office).getByLabel("意见针对").selectOption({ label: FIGURE });
  await main(office).getByLabel("哪里需要核对").fill(DOUBT);
  await press(office, "退回");
  assert.match(await flash(office), /已退回学校并附上意见/);

  const school = await as("xianji");
  assert.equal(await (await onDesk(school, `${NAME}的月调度被退回`)).count(), 1);
  await school.goto(at);
  await main(school).locator("tbody tr", { hasText: FIGURE }).locator('td[data-label="本月登记"] a').click();
  assert.equal(await title(school), FIGURE);
  const there = main(school).locator("li", { hasText: DOUBT });
  assert.equal(await there.locator(".state").innerText(), "待答复");
  // Another period of the same figure has not been doubted.
  await school.goto("/indicators/social-training?year=2025");
  assert.equal(await said(school, DOUBT), false);
  await school.goto("/remarks?side=about&state=open");
  await main(school).locator("tbody a", { hasText: DOUBT }).click();
  const remark = new URL(school.url()).pathname;

  const stranger = await as("peihe");
  assert.equal((await stranger.goto(remark)).status(), 404, "a helper has nothing to do with it");
  const county = await as("xian");
  await county.goto(remark);
  assert.equal(await main(county).getByRole("button", { name: "答复" }).count(), 0, "only the school answers");

  await school.goto(entry);
  await main(school).getByRole("link", { name: "更正" }).click();
  await main(school).getByLabel("参训人次").fill("9");
  await press(school, "提交更正");
  await confirm(county, entry);
  await school.goto(remark);
  await press(school, "答复");
  assert.match(await main(school).locator("#errors").innerText(), /请写明/);
  await main(school).getByLabel("说明").fill(ANSWER);
  await press(school, "答复");
  assert.equal(await state(school), "已答复");
  assert.equal(await main(school).getByRole("button", { name: "了结" }).count(), 0, "the one who doubts is done with it");

  assert.equal(await (await onDesk(office, "意见已有答复")).count(), 1);
  await office.goto(remark);
  assert.ok(await said(office, ANSWER));
  await press(office, "了结");
  assert.equal(await state(office), "已了结");
  for (const page of [office, school, stranger, county]) await leave(page);
});

test("accepted from below up to the province, it stands: nobody asks it back, nobody accepts it twice", async () => {
  const county = await accept("xian");
  const city = await accept("shi");
  const office = await accept("sheng");
  assert.equal(await state(office), "省办已接收");
  assert.equal(await main(office).getByRole("button", { name: "接收" }).count(), 0);
  const closed = await figure(office, "本月确认");
  assert.ok(closed >= 9, "as corrected");

  const school = await as("xianji");
  await school.goto(at);
  assert.equal(await main(school).locator("summary", { hasText: "申请退回补充" }).count(), 0);
  assert.equal(await main(school).locator("form").count(), 0, "nothing is left to send");
  assert.ok(await said(school, "数字不再变"));
  assert.equal(await (await onDesk(school, `${NAME}的月调度被退回`)).count(), 0);
  // A correction that comes later is told in a later month and leaves this one alone.
  await school.goto(entry);
  await main(school).getByRole("link", { name: "更正" }).click();
  await main(school).getByLabel("参训人次").fill("8");
  await press(school, "提交更正");
  await confirm(county, entry);
  await school.goto(at);
  assert.equal(await figure(school, "本月确认"), closed);
  for (const page of [county, city, office, school]) await leave(page);
});

test("the bulletin tells the trouble and who is missing, as a page, a Word file and a PDF; a helper's has its own schools", async () => {
  const office = await as("sheng");
  await office.goto(`${MONTH}/bulletin`);
  const help = main(office).locator("tbody tr", { hasText: TROUBLE });
  assert.equal(await help.locator("a").innerText(), HOME);
  const all = main(office).locator("tbody tr").filter({ hasText: FIGURE });
  const total = await all.locator('td[data-label="本月确认"]').innerText();
  const missing = await main(office).locator("section", { hasText: "还没有接收的学校" }).locator("p").innerText();
  assert.equal(missing.includes(HOME), false);
  const paper = await papers(office);
  assert.equal(paper.name, `${NAME}协作工作调度通报.docx`);
  for (const words of [TROUBLE, FIGURE, total.replaceAll(/\s/g, ""), missing.split("、")[0]]) {
    assert.ok(paper.text.replaceAll(/\s/g, "").includes(words), `the paper says ${words}`);
  }
  const county = await as("xian");
  await county.goto(`${MONTH}/bulletin`);
  assert.match(await main(county).locator(".note").first().innerText(), /县级院校\s*1\s*所，已接收\s*1\s*所/);
  for (const page of [office, county]) await leave(page);
});

// The quarterly meeting: its topics from the records, decisions with owner and day, held, and worked off at both ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";
import { onDesk } from "./support/desk.mjs";
import { papers } from "./support/papers.mjs";
import { TODAY } from "./support/server.mjs";

const CITY = "梅州市人力资源和社会保障局";
const ABSENT = "广州市羊城技师学院（示例）";
const OWN = "统筹县级院校的焊接教师（示例）";
const DECISION = "从市属院校安排两名焊接教师到县级院校支教（示例）";
const DONE = "已排出两名教师，十二月到校（示例）。";
const MINUTES = "下次会议的日子另行通知（示例）。";

let meeting;
let topic;

const state = (page) => main(page).locator(".entry-sum .state").first().innerText();
const has = async (page, text) => (await main(page).innerText()).includes(text);
const decisions = (page) => main(page).locator("tbody tr", { hasText: DECISION }).first();

/** Says yes where an act asks once more. */
const sure = (page) => page.locator("dialog.ask .button-primary").click();

test("the office convenes for today and takes a topic from the records and one of its own", async () => {
  const office = await as("sheng");
  await office.goto("/meetings");
  await main(office).getByRole("link", { name: /^(再召集一次|召集季会议)$/ }).first().click();
  await main(office).getByLabel("哪一天").fill(TODAY);
  await main(office).getByLabel("几点").fill("九点半");
  await press(office, "召集");
  assert.match(await main(office).locator("#errors").innerText(), /09:30/);
  // A meeting can be put away once its hour has come: this one's has, whatever hour the test runs at.
  await main(office).getByLabel("几点").fill("00:00");
  await main(office).getByLabel("在哪里").fill("二楼会议室（示例）");
  await press(office, "召集");
  assert.match(await flash(office), /已召集/);
  meeting = new URL(office.url()).pathname;

  // While nothing is on the agenda, what the records offer lies open.
  const offers = main(office).locator("details tbody tr");
  const before = await offers.count();
  const first = offers.filter({ hasText: "学校的问题与诉求" }).first();
  topic = (await first.locator('td[data-label="事项"] .user-text').first().textContent()).trim();
  assert.ok(topic.length > 5);
  await first.getByRole("button", { name: "列入议程" }).click();
  assert.match(await flash(office), /已列入议程/);
  assert.equal(await offers.count(), before - 1, "what is on an agenda is not offered again");
  await main(office).getByLabel("另提一个议题").fill(OWN);
  await main(office).locator("form", { has: office.getByLabel("另提一个议题") }).getByRole("button").click();
  assert.ok((await has(office, topic)) && (await has(office, OWN)));
  await leave(office);
});

test("who is invited finds it on the desk and in the calendar, reads the agenda and changes nothing", async () => {
  const city = await as("shi");
  const invited = (await onDesk(city, "季会议")).locator(`a[href="${meeting}"]`);
  assert.ok((await invited.count()) > 0, "the desk leads to it");
  await city.goto(meeting);
  assert.ok((await has(city, topic)) && (await has(city, OWN)));
  for (const act of ["会议归档", "移出议程", "取消会议"]) {
    assert.equal(await main(city).getByRole("button", { name: act }).count(), 0, act);
  }
  assert.equal((await city.goto(`${meeting}/attendance`)).status(), 403);
  // The county bureau is not invited to a meeting of the province.
  const county = await as("xian");
  assert.equal((await county.goto(meeting)).status(), 404);
  for (const page of [city, county]) await leave(page);
});

test("a decision has one line, an owner and a day that leaves time; the meeting is held and kept", async () => {
  const office = await as("sheng");
  await office.goto(meeting);
  await main(office).locator("section", { hasText: "议程" }).getByRole("link", { name: "记下议定事项" }).last().click();
  assert.equal(await title(office), OWN);
  await press(office, "记下这一条");
  assert.match(await main(office).locator("#errors").innerText(), /要办什么[\s\S]*列出的单位/);
  await main(office).getByLabel("议定什么").fill(DECISION);
  await main(office).getByLabel("由谁办").selectOption({ label: CITY });
  await main(office).getByLabel("办结期限").fill("2026-11-25");
  await press(office, "记下这一条");
  const earliest = /最早是 (\d{4}-\d{2}-\d{2})/.exec(await main(office).locator("#errors").innerText())[1];
  await main(office).getByLabel("办结期限").fill(earliest);
  await press(office, "记下这一条");
  assert.match(await flash(office), /已记下/);

  const city = await as("shi");
  await city.goto("/followups?side=mine");
  assert.equal(await has(city, DECISION), false, "nobody owes it before the meeting is kept");

  await office.goto(`${meeting}/attendance`);
  await main(office).locator("tr", { hasText: ABSENT }).getByRole("checkbox").uncheck();
  await main(office).locator("tr", { hasText: CITY }).getByRole("textbox").fill("李局长（示例）");
  await main(office).getByLabel("其他要留下的话").fill(MINUTES);
  await press(office, "保存");
  assert.match(await flash(office), /已保存/);
  await press(office, "会议归档");
  assert.match(await office.locator("dialog.ask").innerText(), /不再改动/);
  await sure(office);
  assert.match(await flash(office), /已归档/);
  assert.equal(await state(office), "已归档");
  assert.equal(await main(office).getByRole("link", { name: "记下议定事项" }).count(), 0);
  assert.match(await decisions(office).innerText(), new RegExp(`${CITY}[\\s\\S]*${earliest}[\\s\\S]*办理中`));
  // Neither who came nor what was decided is open any more, by whatever address.
  for (const act of ["attendance", "edit"]) assert.equal((await office.goto(`${meeting}/${act}`)).status(), 403, act);
  for (const page of [office, city]) await leave(page);
});

test("the owner finds it, says what was done, and it is closed when the other end says so too", async () => {
  const [city, office] = [await as("shi"), await as("sheng")];
  assert.equal(await (await onDesk(city, DECISION)).count(), 1, "it stands on the owner's desk");
  await city.goto("/followups?side=mine&state=open");
  await main(city).locator("tbody a", { hasText: DECISION }).click();
  const errand = new URL(city.url()).pathname;
  assert.ok((await main(city).locator(`a[href="${meeting}"]`).count()) > 0, "and says where it comes from");
  assert.equal(await main(city).getByRole("button", { name: "确认办结" }).count(), 0, "the owner does not close it alone");
  await press(city, "报办结");
  assert.match(await main(city).locator("#errors").innerText(), /请写明办理情况/);
  await main(city).getByLabel("办理情况").fill(DONE);
  await press(city, "报办结");
  assert.equal(await state(city), "已报办结，待确认");

  const stranger = await as("xian");
  assert.equal((await stranger.goto(errand)).status(), 404);

  await office.goto("/followups?side=given&state=reported");
  await main(office).locator("tbody a", { hasText: DECISION }).click();
  assert.equal(new URL(office.url()).pathname, errand);
  assert.ok(await has(office, DONE));
  await main(office).getByText("退回继续办理").click();
  await press(office, "退回");
  assert.match(await main(office).locator("#errors").innerText(), /\S/);
  await main(office).locator("details[open] textarea").fill("请写明是哪两名（示例）。");
  await press(office, "退回");
  await city.goto(errand);
  assert.equal(await state(city), "办理中");
  assert.ok(await has(city, "请写明是哪两名"));
  await main(city).getByLabel("办理情况").fill(DONE);
  await press(city, "报办结");
  await office.goto(errand);
  await press(office, "确认办结");
  assert.equal(await state(office), "已办结");
  await city.goto(meeting);
  assert.match(await decisions(city).innerText(), /已办结/);
  await city.goto("/notices?kind=decided");
  assert.ok(await has(city, DECISION), "the owner is told");
  for (const page of [city, office, stranger]) await leave(page);
});

test("the minutes say who came, who did not, and what was decided; on the page, in Word and as a PDF", async () => {
  const city = await as("shi");
  await city.goto(meeting);
  await main(city).getByRole("link", { name: "会议纪要" }).click();
  const said = [topic, OWN, DECISION, CITY, "李局长（示例）", MINUTES, `未到：${ABSENT}`];
  for (const words of said) assert.ok(await has(city, words), words);
  const paper = await papers(city);
  assert.match(paper.name, /季会议(（第.+次）)?纪要\.docx$/);
  for (const words of said) assert.ok(paper.text.includes(words), `the paper says ${words}`);
  await leave(city);
});

test("one press announces a meeting in each quarter that is left of a year, and one is moved alone", async () => {
  const county = await as("xian");
  await county.goto("/meetings/new/local");
  await main(county).getByLabel("哪一天").fill("2027-01-20");
  await main(county).getByLabel("召集几次").selectOption({ label: "到那一年年底，每个季度一次" });
  await press(county, "召集");
  assert.match(await flash(county), /已召集 4 次/);
  const days = async () => {
    await county.goto("/meetings?kind=local&side=host");
    const all = (await main(county).locator("tbody").innerText()).match(/2027-\d\d-\d\d/g);
    return [...new Set(all)].sort();
  };
  assert.deepEqual(await days(), ["2027-01-20", "2027-04-20", "2027-07-20", "2027-10-20"]);
  await main(county).locator("tbody tr", { hasText: "2027-04-20" }).locator("a").first().click();
  await main(county).getByRole("link", { name: "改时间、地点和参加单位" }).click();
  await main(county).getByLabel("哪一天").fill("2027-04-22");
  await press(county, "保存");
  assert.deepEqual(await days(), ["2027-01-20", "2027-04-22", "2027-07-20", "2027-10-20"]);
  await leave(county);
});

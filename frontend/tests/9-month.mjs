// The month: a county's bureau accepts what is already there, the office accepts many at once, and the bulletin says what moved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";

/** The newest month of the list. */
async function newest(page) {
  await page.goto("/months");
  return main(page).locator("tbody td:first-child a").first().getAttribute("href");
}

test("the office accepts what the cities have accepted, and nothing else", async () => {
  const office = await as("sheng");
  const month = await newest(office);
  await office.goto(`${month}?wait=yes&select=all`);
  const picked = await main(office).locator('td.pick input:checked').count();
  assert.ok(picked > 0, "some wait");
  await main(office).locator(".bulk-acts button").click();
  assert.match(await flash(office), new RegExp(`已接收 ${picked} 所`));
  await office.goto(`${month}?wait=yes`);
  assert.equal(await main(office).locator("td.pick input").count(), 0);
  await leave(office);
});

test("a school writes its trouble only while nobody has accepted, and reads what it is asked", async () => {
  const school = await as("xianji");
  const month = await newest(school);
  await school.goto(month);
  await main(school).locator("tbody a").first().click();
  assert.match(await title(school), /月：/);
  const open = await main(school).getByLabel("问题与诉求").count();
  if (open > 0) {
    await main(school).getByLabel("问题与诉求").fill("请协调一名焊接教师（示例）。");
    await press(school, "保存");
    assert.match(await flash(school), /已保存/);
  } else {
    assert.ok((await main(school).innerText()).includes("已接收"), "who has accepted stands there");
  }
  await leave(school);
});

test("the bulletin is a page and a Word file", async () => {
  const office = await as("sheng");
  const month = await newest(office);
  await office.goto(`${month}/bulletin`);
  assert.match(await title(office), /调度通报/);
  assert.ok((await main(office).locator("tbody tr").count()) > 3);
  assert.match(await main(office).innerText(), /暂时数|已接收/, "whether it may still change");
  const [file] = await Promise.all([
    office.waitForEvent("download"),
    main(office).getByRole("link", { name: "下载 Word" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /调度通报\.docx$/);
  await leave(office);
});

test("who succeeded whom, and what was handed over, can be read", async () => {
  const office = await as("sheng");
  await office.goto("/handovers");
  await main(office).locator("tbody a").last().click();
  assert.match(await title(office), /院校交接/);
  assert.ok((await main(office).innerText()).includes("原结对做过的工作"));
  await leave(office);
});

test("a topic that the records offer becomes a decision, and the decision an errand of its owner", async () => {
  const office = await as("sheng");
  await office.goto("/topics");
  const offers = main(office).locator("tbody tr");
  const before = await offers.count();
  assert.ok(before > 3, "the records offer something");
  await offers.first().getByRole("button", { name: "列入议程" }).click();
  assert.match(await flash(office), /已列入/);
  const meeting = new URL(office.url()).pathname;
  assert.match(meeting, /^\/meetings\//);
  await main(office).getByRole("link", { name: "记下议定事项" }).last().click();
  await main(office).getByLabel("议定什么").fill("排出下学期送教安排（示例）");
  await main(office).getByLabel("由谁办").selectOption({ index: 1 });
  await press(office, "记下这一条");
  assert.match(await flash(office), /已记下/);
  await office.goto(meeting);
  assert.ok((await main(office).innerText()).includes("排出下学期送教安排（示例）"));
  // The day of the meeting has not come: it cannot be closed yet.
  assert.equal(await main(office).getByRole("button", { name: "会议归档" }).count(), 0);
  await leave(office);
});

test("the owner reports an errand, and who asked for it agrees", async () => {
  const county = await as("xian");
  await county.goto("/followups?side=mine&state=open");
  await main(county).locator("tbody a").first().click();
  const address = county.url();
  await main(county).getByLabel("办理情况").fill("已落实，联系人已告知学校（示例）。");
  await press(county, "报办结");
  assert.match(await flash(county), /已报/);
  await leave(county);
  const office = await as("sheng");
  const theirs = await office.goto(address);
  assert.equal(theirs.status(), 200);
  await leave(office);
});

test("what a meeting said is kept as a page and a Word file, and a calendar takes the next one", async () => {
  const office = await as("sheng");
  await office.goto("/meetings?state=closed");
  await main(office).locator("tbody a").first().click();
  assert.ok((await main(office).innerText()).includes("归档时的内容"));
  await main(office).getByRole("link", { name: "会议纪要" }).click();
  assert.match(await title(office), /纪要/);
  const [file] = await Promise.all([
    office.waitForEvent("download"),
    main(office).getByRole("link", { name: "下载 Word" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /纪要\.docx$/);
  await office.goto("/meetings?state=announced");
  await main(office).locator("tbody a").first().click();
  const calendar = main(office).getByRole("link", { name: "加到日历" });
  const text = await (await office.request.get(await calendar.getAttribute("href"))).text();
  assert.match(text, /BEGIN:VEVENT/);
  await leave(office);
});

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

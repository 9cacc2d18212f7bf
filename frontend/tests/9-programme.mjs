// The programme changes on running data: the office writes it, sees what it moves, the reviewer puts it in use, and every
// page goes by it without a restart; what is over stays as it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";

let version;

test("a third visit from next year on is written on a page and rehearsed", async () => {
  const page = await as("sheng");
  await page.goto("/programme/change");
  await page.getByLabel("哪一项").selectOption("obligation:principal-visit");
  await page.getByLabel("至少多少").fill("3");
  await page.getByLabel("依据").fill("示例：省办通知");
  await press(page, "演算看看");
  await page.locator(".errors").waitFor();
  assert.match(await main(page).innerText(), /还写着旧数/, "the words of before say two");
  await page.getByLabel(/变更后的说明/).fill("每所协作院校的校长（院长）或党委书记，每个自然年到每所结对县级院校至少三次。");
  await press(page, "演算看看");
  await page.waitForURL(/\/programme\/[0-9a-f]{32}$/);
  await page.goto("/programme/retire");
  await page.getByLabel("停用哪一类").selectOption("activity:holiday-service");
  await press(page, "演算看看");
  await page.waitForURL(/\/programme\/[0-9a-f]{32}$/);
  version = new URL(page.url()).pathname;
  for (let tries = 0; tries < 60 && (await page.getByText("正在演算").count()); tries += 1) {
    await page.waitForTimeout(500);
    await page.goto(version);
  }
  assert.match(await main(page).innerText(), /自2027-01-01起至少3次/);
  assert.match(await main(page).innerText(), /没有单位的状态和指标随之变化/, "what is over, and this year, stay");
  assert.equal(await page.getByRole("button", { name: "启用这一版" }).count(), 0, "one prepares, another releases");
  assert.match(await main(page).innerText(), /由审核启用/);
  await leave(page);
});

test("the reviewer finds it at the desk and puts it in use; pages follow without a restart", async () => {
  const page = await as("shenhe");
  const task = main(page).locator(".task", { hasText: "方案变更待启用" });
  await task.getByRole("link", { name: "去看" }).click();
  await page.getByRole("button", { name: "启用这一版" }).click();
  await page.locator("dialog.ask .button-primary").click();
  await page.waitForLoadState();
  assert.match(await flash(page), /已启用/);
  const lead = await as("qiantou");
  await lead.waitForTimeout(2500);
  await lead.goto("/clocks");
  await main(lead).locator("td[data-label='要求'] a").first().click();
  assert.match(await main(lead).innerText(), /自2027-01-01起至少3次（示例：省办通知）/);
  assert.match(await title(lead), /主要负责同志年度调研/);
  await leave(lead);
  await leave(page);
});

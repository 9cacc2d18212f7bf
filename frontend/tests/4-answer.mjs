// Step 3: the county school confirms many at once, takes it back, confirms in part, disputes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main } from "./support/browser.mjs";

const MOST_CLICKS = 3;

/** Clicks, counted. */
function hand() {
  let clicks = 0;
  const click = async (target) => {
    clicks += 1;
    await target.click();
  };
  return { click, count: () => clicks };
}

const boxes = (page) => main(page).locator(".pick input[type=checkbox]");

/** Opens the oldest waiting entry of this kind: the newest are those of the step before, and the next needs them. */
async function openWaiting(page, activity) {
  await page.goto("/entries?waiting=me");
  await main(page).locator("tbody a", { hasText: activity }).last().click();
}

const sum = (page) => main(page).locator(".entry-sum").innerText();

test("ten entries and more are confirmed with at most three clicks, and one click takes them back", async () => {
  const page = await as("xianji");
  const { click, count } = hand();
  const waiting = await boxes(page).count();
  assert.ok(waiting >= 10, `${waiting} entries wait`);
  await click(page.getByRole("button", { name: "全选本页" }));
  await click(page.getByRole("button", { name: `确认 ${waiting} 条` }));
  assert.match(await flash(page), new RegExp(`已确认 ${waiting} 条`));
  assert.ok(count() <= MOST_CLICKS, `${count()} clicks`);
  assert.match(await main(page).innerText(), /没有等本单位答复的事项/);

  await click(page.getByRole("button", { name: "撤销这次确认" }));
  assert.match(await flash(page), new RegExp(`已撤销 ${waiting} 条`));
  await page.goto("/");
  assert.equal(await boxes(page).count(), waiting);
  await leave(page);
});

test("nothing ticked, nothing sent", async () => {
  const page = await as("xianji");
  await page.getByRole("button", { name: "确认勾选的" }).click();
  assert.match(await main(page).locator(".picked").innerText(), /请先勾选/);
  await leave(page);
});

test("a stay is confirmed but for some days, with a reason; both numbers stand apart", async () => {
  const page = await as("xianji");
  await openWaiting(page, "常驻帮扶");
  const days = Number((await sum(page)).match(/登记\s*(\d+)\s*天/)[1]);
  await page.getByText("部分确认（核减）").click();
  const part = main(page).locator("details[open]");
  const last = await part.getByLabel("不认可的日子，从").getAttribute("max");
  await part.getByLabel("不认可的日子，从").fill(last);
  await part.getByLabel("到", { exact: true }).fill(last);
  await part.getByRole("button", { name: "部分确认" }).click();
  assert.match(await page.locator("#errors").innerText(), /理由/);
  await part.getByLabel("不认可的日子，从").fill(last);
  await part.getByLabel("到", { exact: true }).fill(last);
  await part.getByLabel("理由").fill("最后一天已返回原单位。");
  await part.getByRole("button", { name: "部分确认" }).click();
  assert.match(await flash(page), /已部分确认（核减）/);
  assert.match(await sum(page), new RegExp(`登记\\s*${days}\\s*天\\s*确认\\s*${days - 1}\\s*天\\s*部分确认`));
  assert.match(await page.locator(".timeline").innerText(), /最后一天已返回原单位。/);
  await leave(page);
});

test("of a training only some are confirmed", async () => {
  const page = await as("xianji");
  await openWaiting(page, "师资培训");
  const people = Number((await sum(page)).match(/登记\s*(\d+)/)[1]);
  await page.getByText("部分确认（核减）").click();
  const part = main(page).locator("details[open]");
  await part.getByLabel("确认的数").fill(String(people - 3));
  await part.getByLabel("理由").fill("三人请假，没有到训。");
  await part.getByRole("button", { name: "部分确认" }).click();
  assert.match(await sum(page), new RegExp(`登记\\s*${people}\\s*人次\\s*确认\\s*${people - 3}\\s*人次`));
  await leave(page);
});

test("a dispute has a reason, and stands on the claimant's desk", async () => {
  const page = await as("xianji");
  await openWaiting(page, "师资培训");
  await page.getByText("提出异议").first().click();
  await page.getByLabel("理由").last().fill("当天没有这项培训，请核对日期。");
  await page.getByRole("button", { name: "提出异议" }).click();
  assert.match(await flash(page), /已提出异议/);
  assert.match(await sum(page), /确认\s*0\s*人次\s*有异议/);
  const at = new URL(page.url()).pathname;
  const claimant = await main(page).locator("dt:text-is('登记单位') + dd").innerText();
  await leave(page);

  const other = await as(claimant.startsWith("广东省百工") ? "qiantou" : "peihe");
  assert.equal(await main(other).locator(`.task a[href="${at}"]`).count() > 0, true);
  await leave(other);
});

test("a confirmation is taken back by the one who gave it", async () => {
  const page = await as("xianji");
  await openWaiting(page, "主要负责同志调研对接");
  await page.getByRole("button", { name: "确认这一条" }).click();
  assert.match(await flash(page), /已确认/);
  await page.getByRole("button", { name: "撤销我方的答复" }).click();
  assert.match(await flash(page), /重新等待确认/);
  assert.match(await sum(page), /待确认/);
  await leave(page);
});

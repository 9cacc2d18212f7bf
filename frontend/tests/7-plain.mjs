// Everything without JavaScript: older office browsers, strict policies.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, signInByHand, title, visit } from "./support/browser.mjs";
import { HOME } from "./support/clocks.mjs";

const plain = { script: false };

test("signing in and out", async () => {
  const page = await visit(plain);
  await signInByHand(page, "peihe");
  assert.equal(await title(page), "我的工作台");
  await page.getByRole("button", { name: "退出" }).first().click();
  assert.equal(new URL(page.url()).pathname, "/signin");
  await leave(page);
});

test("claiming a visit", async () => {
  const page = await as("peihe", plain);
  await page.goto("/entries/new/visit");
  await page.getByLabel("对口县级院校").selectOption({ label: HOME });
  await page.getByLabel("到校领导").selectOption({ index: 1 });
  await page.getByLabel("日期").fill("2026-11-18");
  await page.getByRole("button", { name: "登记调研" }).click();
  assert.match(await flash(page), /已登记/);
  await leave(page);
});

test("selecting all of a page, confirming, taking back", async () => {
  const page = await as("xianji", plain);
  await page.getByRole("link", { name: "全选本页" }).click();
  const boxes = main(page).locator(".pick input[type=checkbox]");
  const count = await boxes.count();
  assert.ok(count > 1);
  assert.equal(await main(page).locator(".pick input:checked").count(), count);
  await page.getByRole("button", { name: "确认勾选的" }).click();
  assert.match(await flash(page), new RegExp(`已确认 ${count} 条`));
  await page.getByRole("button", { name: "撤销这次确认" }).click();
  assert.match(await flash(page), new RegExp(`已撤销 ${count} 条`));
  await leave(page);
});

test("filters live in the address, and paging keeps them", async () => {
  const page = await as("sheng", plain);
  await page.goto("/entries");
  await page.getByLabel("状态", { exact: true }).selectOption({ label: "已确认" });
  await page.getByRole("button", { name: "筛选" }).click();
  assert.equal(new URL(page.url()).searchParams.get("state"), "confirmed");
  const states = await main(page).locator("td[data-label='状态']").allInnerTexts();
  assert.ok(states.length > 0 && states.every((state) => state.trim() === "已确认"));
  await page.getByRole("link", { name: "下一页" }).click();
  assert.equal(new URL(page.url()).searchParams.get("state"), "confirmed");
  await page.getByRole("link", { name: "清除条件" }).first().click();
  assert.equal(new URL(page.url()).search, "");
  await leave(page);
});

test("the menu on a phone opens, leads on and closes", async () => {
  const page = await as("qiantou", { ...plain, at: "phone" });
  const menu = page.locator("#menu");
  assert.equal(await menu.isVisible(), false);
  await page.getByRole("link", { name: "菜单", exact: true }).click();
  assert.equal(await menu.isVisible(), true);
  await page.getByRole("link", { name: "收起菜单" }).click();
  assert.equal(await menu.isVisible(), false);
  await page.getByRole("link", { name: "菜单", exact: true }).click();
  await menu.getByRole("link", { name: "履职进度" }).click();
  assert.equal(await title(page), "履职进度");
  assert.equal(await menu.isVisible(), false);
  await leave(page);
});

test("the four things at the bottom of a phone", async () => {
  const page = await as("xianji", { ...plain, at: "phone" });
  const bar = page.locator("nav.phone");
  assert.deepEqual(await bar.getByRole("link").allInnerTexts(), ["工作台", "登记工作", "待确认", "我的"]);
  for (const box of await bar.getByRole("link").all()) assert.ok((await box.boundingBox()).height >= 44);
  await bar.getByRole("link", { name: "待确认" }).click();
  assert.equal(await title(page), "待我确认");
  await leave(page);
});

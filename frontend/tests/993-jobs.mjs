// 就业: posts beside graduates, each number opens; a post is recorded in one go and ends by itself; destinations disagree with words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";

const TITLE = "装配钳工（示例岗位）";

const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test("a county bureau offers a post to all, and everybody finds it", async () => {
  const page = await as("xian");
  await page.goto("/employment/posts/new");
  await main(page).getByLabel("招人企业全称").fill("示例装备有限公司（示例）");
  await main(page).getByLabel("岗位名称").fill(TITLE);
  await main(page).getByLabel("岗位类别").selectOption({ label: "生产制造" });
  await main(page).getByLabel("招几人").fill("12");
  await main(page).getByLabel("到哪天止").fill(later(30));
  await press(page, "登记");
  assert.match(await flash(page), /已登记/);
  const helper = await as("peihe");
  await helper.goto(`/employment/posts?q=${encodeURIComponent(TITLE)}`);
  assert.equal(await main(helper).locator("tbody tr").count(), 1);
  for (const one of [page, helper]) await leave(one);
});

test("the office sees supply and demand side by side, and every number opens", async () => {
  const office = await as("sheng");
  await office.goto("/employment");
  const figures = main(office).locator("tbody .figure");
  assert.ok((await figures.count()) > 0);
  const open = main(office).locator('tbody td[data-label="岗位"] .figure[data-raw]:not([data-raw="0"])').first();
  const persons = Number(await open.getAttribute("data-raw"));
  await open.click();
  const numbers = await main(office).locator('tbody td[data-label="招几人"] .figure').evaluateAll((all) => all.map((one) => Number(one.dataset.raw)));
  assert.equal(numbers.reduce((sum, one) => sum + one, 0), persons);
  await leave(office);
});

test("who has not joined the recruitment system is listed by name", async () => {
  const office = await as("sheng");
  await office.goto("/employment/system?joined=not");
  assert.ok((await main(office).locator("tbody a").count()) > 0);
  assert.doesNotMatch(await main(office).locator("tbody").innerText(), /使用中/);
  await leave(office);
});

test("beside a post stand the schools that teach what it asks for", async () => {
  const office = await as("sheng");
  await office.goto("/employment/posts");
  const named = main(office).locator("tbody tr").filter({ hasNot: office.locator('td[data-label="专业大类"]', { hasText: "不限专业" }) });
  await named.first().locator("a").first().click();
  const beside = main(office).locator("section", { has: office.getByRole("heading", { name: "对口的毕业生", exact: true }) });
  assert.ok((await beside.locator("tbody tr").count()) > 0);
  await beside.locator("tbody a").first().click();
  await office.waitForURL(/\/majors\//);
  await leave(office);
});

// 搜索: from the keyboard on any page, in Chinese, by sound and by number; and what is left of it without script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, leave, main, resize } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

const hits = (page) => main(page).locator("ul.plain a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));

test("one key leads to the field, and Enter to what is found", async () => {
  const page = await as("sheng");
  await page.goto("/entries");
  await page.keyboard.press("/");
  await page.keyboard.type("gongzuotaizhang");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?q=/);
  assert.ok((await hits(page)).includes("/entries"));
  // In a field it is a sign like any other.
  await main(page).getByLabel("找什么").fill("");
  await page.keyboard.type("a/b");
  assert.equal(await main(page).getByLabel("找什么").inputValue(), "a/b");
  await leave(page);
});

test("a school is found by characters, sound and initials; an entry by its number", async () => {
  const page = await as("sheng");
  await page.goto("/registry");
  const school = (await main(page).locator("tbody th a, tbody td a").first().innerText()).trim();
  await page.goto(`/search?q=${encodeURIComponent(school.slice(0, 4))}`);
  assert.ok((await hits(page)).some((href) => href.startsWith("/registry/")), school);
  await page.goto("/entries");
  const row = main(page).locator("tbody tr").first();
  const number = (await row.locator("code").innerText()).trim();
  const entry = await row.locator('td[data-label="事项"] a').getAttribute("href");
  assert.match(number, /^[0-9A-F]{8}$/);
  await page.goto(`/search?q=${number}`);
  assert.deepEqual(await hits(page), [entry]);
  for (const size of ["office", "phone"]) {
    await resize(page, size);
    await fits(page, size);
    await accessible(page, size);
  }
  await leave(page);
});

test("the way back from an entry leads to the list as it was left", async () => {
  const page = await as("sheng");
  await page.goto("/entries?typical=typical&sort=-claimed");
  await main(page).locator('tbody td[data-label="事项"] a').first().click();
  await main(page).locator(".back a").click();
  const { pathname, search } = new URL(page.url());
  assert.equal(pathname + search, "/entries?typical=typical&sort=-claimed");
  await leave(page);
});

test("kinds of work are narrowed by words, and another one like it is recorded from an entry", async () => {
  const page = await as("qiantou");
  await page.goto("/entries/new");
  const shown = () => main(page).locator(".choices li:visible").count();
  const all = await shown();
  await main(page).getByLabel("在事项里找").fill("培训");
  const some = await shown();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  await main(page).getByLabel("在事项里找").fill("没有这样的事项");
  assert.equal(await shown(), 0);
  await page.goto("/entries?mine=yes");
  assert.equal(await main(page).locator('.tabs [aria-current="page"]').innerText(), "我登记的");
  await leave(page);
});

test("nothing that is pasted is cut: what is too much is counted", async () => {
  const page = await as("qiantou");
  await page.goto("/resources/new");
  const title = main(page).getByLabel("资源标题");
  await title.fill("长".repeat(58));
  assert.equal(await main(page).locator(".limit:visible").innerText(), "还可以写 2 个字");
  await title.fill("长".repeat(75));
  assert.equal((await title.inputValue()).length, 75);
  assert.match(await main(page).locator(".limit-over").innerText(), /超出 15 个字/);
  await leave(page);
});

test("without script the field is a form, and the list of kinds stands there whole", async () => {
  const page = await as("qiantou", { script: false });
  await page.goto("/");
  await page.getByRole("search", { name: "全站搜索" }).getByRole("searchbox").fill("台账");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search/);
  assert.ok((await hits(page)).includes("/entries"));
  await page.goto("/entries/new");
  assert.ok((await main(page).locator(".choices li").count()) > 5);
  await leave(page);
});

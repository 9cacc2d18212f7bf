// Two people of one school answer the same entry: one is told in words, and nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, leave, main, title } from "./support/browser.mjs";

test("the second answer is a conflict in words, and the first one stands", async () => {
  const [one, two] = [await as("xianji"), await as("xianji")];
  const row = main(one).locator("tbody tr", { hasText: "师资培训" }).last();
  const entry = await row.getByRole("link", { name: "师资培训" }).getAttribute("href");
  await one.goto(entry);
  await two.goto(entry);
  await one.getByRole("button", { name: "确认这一条" }).click();
  await one.locator(".flash").waitFor();

  const answered = two.waitForResponse((response) => response.request().method() === "POST");
  await two.getByText("提出异议").first().click();
  await two.getByLabel("理由").last().fill("请核对。");
  await two.getByRole("button", { name: "提出异议" }).click();
  assert.equal((await answered).status(), 409);
  assert.match(await main(two).innerText(), /刚被别人处理过/);
  assert.ok((await title(two)).length > 2);
  // The way on leads back to something that exists.
  await main(two).getByRole("link").last().click();
  assert.ok((await title(two)).length > 2);

  await two.goto(entry);
  assert.match(await main(two).locator(".entry-sum").innerText(), /已确认/);
  await leave(one);
  await leave(two);
});

test("of a batch, what somebody else handled in between is left alone and told", async () => {
  const [one, two] = [await as("xianji"), await as("xianji")];
  await one.goto("/entries?waiting=me");
  await two.goto("/entries?waiting=me");
  const boxes = (page) => main(page).locator(".pick input[type=checkbox]");
  await boxes(one).last().check();
  await one.getByRole("button", { name: "确认 1 条" }).click();
  await one.locator(".flash").waitFor();
  const count = await boxes(two).count();
  await boxes(two).last().check();
  await boxes(two).nth(count - 2).check();
  await two.getByRole("button", { name: "确认 2 条" }).click();
  const told = await two.locator(".flash").innerText();
  assert.match(told, /已确认 1 条/);
  assert.match(told, /另有 1 条刚被别人处理过/);
  await leave(one);
  await leave(two);
});

test("someone else's entry is not there", async () => {
  const page = await as("xianji");
  const link = main(page).locator("tbody a").first();
  const mine = await link.getAttribute("href");
  await leave(page);
  const other = await as("shenji");
  assert.ok([403, 404].includes((await other.goto(mine)).status()));
  await leave(other);
  const nobody = await as("qiantou");
  assert.equal((await nobody.goto("/entries/00000000000000000000000000000000")).status(), 404);
  assert.match(await main(nobody).innerText(), /没有这条记录/);
  await leave(nobody);
});

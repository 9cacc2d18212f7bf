// 帮助: from the head of a page to what is done there, on every size and without script; the first day and practice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, leave, main, resize, title } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

test("the head of a page leads to its help, and its steps to where they are done", async () => {
  const page = await as("xianji", { script: false });
  await page.goto("/entries");
  await page.locator(".help-link").click();
  assert.equal(await title(page), "帮助：工作台账");
  assert.match(await main(page).innerText(), /还有问题找谁/);
  await main(page).getByRole("link", { name: "确认对方登记的工作" }).click();
  await page.waitForURL(/\/entries\?waiting=me/);
  await leave(page);
});

test("help, terms, the first day and practice fit every size", async () => {
  const page = await as("qiantou");
  for (const path of ["/help", "/help/entries", "/help/words", "/help/first-day", "/practice"]) {
    await page.goto(path);
    for (const size of ["office", "phone"]) {
      await resize(page, size);
      await fits(page, `${path} ${size}`);
      await accessible(page, `${path} ${size}`);
    }
    await resize(page, "office");
  }
  await main(page).getByRole("link", { name: "打开这一条" }).first().click();
  await page.waitForURL(/\/entries\//);
  await leave(page);
});

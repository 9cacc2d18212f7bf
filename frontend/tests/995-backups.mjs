// 备份: whoever runs the system reads whether there is one, and how to have one made; nobody else does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, leave, main } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

test("the system administrator is told that no backup is made here, and how to have one", async () => {
  for (const at of ["office", "phone"]) {
    const page = await as("xitong", { at });
    await page.goto("/backups");
    const text = await main(page).innerText();
    assert.match(text, /没有设置/);
    assert.match(text, /--backup-dir/);
    assert.equal(await main(page).getByRole("button", { name: "现在备份" }).count(), 0, "there is nowhere to put it");
    await accessible(page, at);
    await fits(page, at);
    await leave(page);
  }
  const other = await as("qiantou");
  assert.equal((await other.request.get("/backups")).status(), 403);
  await leave(other);
});

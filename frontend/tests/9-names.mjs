// Names: masked for whom they do not concern, shown by a press, and who looked is found in two.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, leave, main } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

const MASKED = /^\S\*\*$/;

const named = async (page) =>
  (await page.locator("td[data-label='人员']").allInnerTexts()).map((text) => text.trim()).filter((text) => text !== "—");

test("a bureau sees masked names, shows them by one press, and the auditor finds it", async () => {
  for (const at of ["office", "phone"]) {
    const page = await as("xian", { at });
    await page.goto("/entries");
    const before = await named(page);
    const hidden = before.findIndex((name) => MASKED.test(name));
    assert.ok(hidden >= 0, before.join(" "));
    await fits(page, at);
    await page.getByRole("button", { name: "显示全名" }).click();
    await page.locator(".names-bar").getByText("已留下记录").waitFor();
    const shown = await named(page);
    assert.ok(!shown.some((name) => MASKED.test(name)), shown.join(" "));
    assert.equal(shown[hidden][0], before[hidden][0]);
    await accessible(page, at);
    await fits(page, at);
    await page.getByRole("link", { name: "重新隐去" }).click();
    assert.deepEqual(await named(page), before);
    await leave(page);

    const auditor = await as("shenji", { at });
    await auditor.goto("/audit");
    await auditor.getByRole("link", { name: "谁看过全名" }).click();
    await main(auditor).getByText("工作台账").first().waitFor();
    await accessible(auditor, at);
    await fits(auditor, at);
    await auditor.getByRole("link", { name: "打开记录" }).first().click();
    await auditor.getByRole("heading", { name: "审计记录：显示全名" }).waitFor();
    await leave(auditor);
  }
});

test("the parties see whole names and are not asked to press", async () => {
  const page = await as("xianji");
  await page.goto("/entries");
  assert.ok(!(await named(page)).some((name) => MASKED.test(name)));
  assert.equal(await page.getByRole("button", { name: "显示全名" }).count(), 0);
  await leave(page);
});

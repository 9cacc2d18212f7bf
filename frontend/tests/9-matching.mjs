// The studio as the provincial office uses it: a weight moved shows at once and is not saved, a decision by hand shows
// what it costs, and everything works without script too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main } from "./support/browser.mjs";

const number = async (locator) => Number((await locator.innerText()).replace(/[^\d-]/g, ""));
const total = (page) => number(main(page).locator("#live-head .stat-figure").first());

/** Opens the draft of the demonstration. */
async function draft(page) {
  await page.goto("/matching");
  await main(page).getByRole("link", { name: "年度复核（示例）" }).first().click();
  await page.waitForLoadState();
}

test("a slider shows its effect at once, and nothing is saved before one says so", async () => {
  const page = await as("sheng");
  await draft(page);
  const address = page.url();
  const before = await total(page);
  const slider = page.getByLabel("专业对产业");
  await slider.focus();
  for (let i = 0; i < 8; i += 1) await page.keyboard.press("ArrowRight");
  await main(page).getByText("下面是还没有保存的权重的效果").waitFor();
  const shown = await total(page);
  assert.ok(shown > before, `a heavier weight gives more points: ${before} → ${shown}`);
  assert.match(await main(page).locator("#live-head").innerText(), /已证明最优/);
  await page.goto(address);
  assert.equal(await total(page), before, "a preview is not kept");
  await leave(page);
});

test("a decision by hand needs a reason and tells what it costs", async () => {
  const page = await as("sheng");
  await draft(page);
  const before = await total(page);
  await main(page).locator("#pairs tbody tr").nth(3).locator("a").first().click();
  await page.waitForLoadState();
  const why = main(page);
  assert.match(await why.innerText(), /为什么这样结对/);
  const cost = await number(why.getByRole("table").filter({ hasText: "距入选的分差" }).first().locator("tbody tr").first().locator("td").last());
  const other = await why.getByRole("table").filter({ hasText: "距入选的分差" }).first().locator("tbody tr").first().locator("a").first().innerText();
  const form = why.locator("form").filter({ has: page.getByRole("button", { name: "保存牵头院校的决定" }) });
  const option = await form.locator("select").first().locator("option", { hasText: other }).first().getAttribute("value");
  await form.locator("select").first().selectOption(option);
  await form.locator("select").nth(1).selectOption({ label: "指定" });
  await form.getByRole("button").click();
  assert.match(await main(page).innerText(), /理由/, "without a reason it is refused");
  const again = main(page).locator("form").filter({ has: page.getByRole("button", { name: "保存牵头院校的决定" }) });
  await again.locator("select").first().selectOption(option);
  await again.locator("select").nth(1).selectOption({ label: "指定" });
  await again.getByLabel("理由").fill("两校去年已经开始合作");
  await again.getByRole("button").click();
  await flash(page);
  await draft(page);
  assert.equal(await total(page), before - cost, "the loss is the difference of two solved totals");
  assert.match(await main(page).innerText(), /两校去年已经开始合作/);
  await leave(page);
});

test("a county school sees its published pairing and how to check it, and not the studio", async () => {
  const page = await as("xianji");
  await page.goto("/matching/results");
  assert.match(await main(page).innerText(), /结对/);
  const refused = await page.goto("/matching");
  assert.ok([403, 404].includes(refused.status()));
  const check = await page.goto("/matching/check");
  assert.equal(check.status(), 200);
  await leave(page);
});

test("names on the map never stand on each other, and a telephone shows all of it", async () => {
  for (const at of ["office", "phone"]) {
    const page = await as("sheng", { at });
    await draft(page);
    const found = await page.locator(".match-map").evaluate((map) => ({
      map: map.getBoundingClientRect().toJSON(),
      names: [...map.querySelectorAll(".city")].map((name) => ({ ...name.getBoundingClientRect().toJSON(), says: name.textContent })),
      wide: document.documentElement.clientWidth,
    }));
    assert.ok(found.names.length > 5, "the demonstration has many cities");
    assert.ok(found.map.left >= 0 && found.map.right <= found.wide, `${at}: the map fits`);
    found.names.forEach((one, n) => {
      for (const other of found.names.slice(0, n)) {
        const meets = one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
        assert.ok(!meets, `${at}: ${one.says} and ${other.says}`);
      }
    });
    await leave(page);
  }
});

// 经费: paid by one side, confirmed by the other; what was promised and what came is not typed again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";

const WORDS = "购置教学软件（示例）";
const YUAN = 1234.56;

let movement;
let school;

const raw = (cell) => cell.locator(".figure").evaluateAll((all) => all.map((one) => Number(one.dataset.raw)));
const fact = (page, label) => main(page).locator("dl.facts > div", { has: page.locator(`dt:text-is("${label}")`) });
const sum = (list) => list.reduce((all, one) => all + one, 0);

test("the office reads money by source, and the parts add up to the whole, however they are cut", async () => {
  const office = await as("sheng");
  await office.goto("/funding");
  const whole = {};
  for (const cut of [null, "school"]) {
    if (cut) await office.goto(`/funding?by=${cut}`);
    for (const label of ["批复", "到位", "支出"]) {
      const cell = main(office).locator(`tfoot td[data-label="${label}"]`);
      const total = (await raw(cell))[0];
      assert.ok(total > 0, label);
      whole[label] ??= total;
      assert.equal(total, whole[label], `${label} by ${cut ?? "source"}`);
    }
  }
  await office.goto("/funding");
  const arrived = await main(office).locator('tbody td[data-label="到位"]').all();
  const parts = await Promise.all(arrived.map(async (cell) => (await raw(cell))[0]));
  assert.equal(sum(parts), whole["到位"]);
  await leave(office);
});

test("a school records a payment in one go; what cannot be is refused at its field", async () => {
  const page = await as("xianji");
  await page.goto("/funding/new");
  const fill = async (day, amount) => {
    await main(page).getByLabel("日期").fill(day);
    await main(page).getByLabel("金额").fill(String(amount));
    await main(page).getByLabel("用途").fill(WORDS);
    await press(page, "登记");
  };
  await main(page).getByLabel("哪一笔钱").selectOption({ index: 1 });
  await fill("2026-11-20", "-5");
  assert.match(await main(page).locator("#errors").innerText(), /金额/);
  await fill("2027-01-05", YUAN);
  assert.match(await main(page).locator("#errors").innerText(), /日期还没有到/);
  await fill("2026-11-20", 99_999_999);
  assert.match(await main(page).locator("#errors").innerText(), /金额|到位/);
  await fill("2026-11-20", YUAN);
  assert.match(await flash(page), /已登记，等另一方确认/);
  movement = new URL(page.url()).pathname;
  assert.equal(await main(page).getByRole("button", { name: "确认", exact: true }).count(), 0, "not by oneself");
  await fact(page, "学校").getByRole("link").click();
  school = new URL(page.url()).pathname;
  await leave(page);
});

test("the bureau confirms it, and only then it counts as confirmed, to the cent", async () => {
  const county = await as("xian");
  await county.goto(school);
  const [claimed, confirmed] = await raw(fact(county, "支出"));
  await county.goto(movement);
  await press(county, "确认");
  assert.match(await flash(county), /确认/);
  await county.goto(school);
  assert.deepEqual(await raw(fact(county, "支出")), [claimed, confirmed + Math.round(YUAN * 100)]);
  // A helper sees no money of the school.
  const helper = await as("qiantou");
  assert.equal((await helper.request.get(movement)).status(), 403);
  for (const page of [county, helper]) await leave(page);
});

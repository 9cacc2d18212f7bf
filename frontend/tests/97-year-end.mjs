// 年度收尾: what of a year is open stands there with names, closing keeps its figures and locks nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";

const YEAR = "/years/2025";

const section = (page, heading) => main(page).locator("section", { has: page.getByRole("heading", { name: heading, exact: true }) });

test("a year that is over can be closed, and its list leads to where each thing is done", async () => {
  const office = await as("sheng");
  await office.goto("/years");
  assert.match(await main(office).locator("tbody tr", { hasText: "2025" }).innerText(), /可以收尾/);
  await main(office).getByRole("link", { name: "2025" }).click();
  assert.equal(new URL(office.url()).pathname, YEAR);
  assert.match(await title(office), /2025/);
  const steps = section(office, "这一年还要办完的").locator("tbody tr");
  assert.ok((await steps.count()) >= 4);
  const links = await steps.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  for (const href of new Set(links)) assert.equal((await office.request.get(href)).status(), 200, href);
  // A city sees its own part of the same list and closes nothing.
  const city = await as("shi");
  await city.goto(YEAR);
  assert.ok((await section(city, "这一年还要办完的").locator("tbody tr").count()) >= 4);
  assert.equal(await main(city).getByRole("button", { name: "给这个年度收尾" }).count(), 0);
  for (const page of [office, city]) await leave(page);
});

test("closing asks first, keeps every figure, and leaves the records as they are", async () => {
  const office = await as("sheng");
  await office.goto(YEAR);
  await press(office, "给这个年度收尾");
  await office.locator("dialog.ask .button-primary").click();
  assert.match(await flash(office), /存/);
  assert.match(await main(office).innerText(), /已在 2026年11月24日 收尾[\s\S]*没有锁任何记录/);
  assert.equal(await main(office).getByRole("button", { name: "给这个年度收尾" }).count(), 0);
  await main(office).getByRole("link", { name: "收尾以后的变化" }).click();
  assert.match(await section(office, "后来变了的数").innerText(), /没有变化/);
  const [file] = await Promise.all([
    office.waitForEvent("download"),
    main(office).getByRole("link", { name: "下载存底" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /\.json$/);
  await office.goto("/years");
  assert.match(await main(office).locator("tbody tr", { hasText: "2025" }).innerText(), /已收尾/);
  // A leader reads that it is closed, and has nothing to press.
  const leader = await as("lingdao");
  await leader.goto(YEAR);
  assert.match(await main(leader).innerText(), /已在 2026年11月24日 收尾/);
  assert.equal(await main(leader).locator("form[method=post] button").count(), 0);
  for (const page of [office, leader]) await leave(page);
});

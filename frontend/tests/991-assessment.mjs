// 考核: each sees its own points and what they come from; what depends on the weights is said before anything is shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";

let assessment;

const section = (page, heading) => main(page).locator("section", { has: page.getByRole("heading", { name: heading, exact: true }) });

test("trying lists in the order of divisions and never of points; what depends on the weights comes with the draft", async () => {
  const office = await as("sheng");
  await office.goto("/assessments/new");
  await main(office).getByLabel("按什么办法").selectOption({ label: "县级院校协作成效" });
  await press(office, "试算");
  const tried = section(office, "试算结果");
  assert.match(await tried.innerText(), /拟定以后在后台算/);
  assert.match(await tried.innerText(), /不按得分排/);
  assert.equal(await tried.locator("th[aria-sort]").count(), 0);
  await press(office, "拟定，还不送核对");
  assert.match(await main(office).locator("#errors").innerText(), /已经有一次考核/);
  await leave(office);
});

test("a school opens each of its points down to its rows, and sees nobody else's", async () => {
  const office = await as("sheng");
  await office.goto("/assessments");
  await main(office).locator("tbody tr", { hasText: "县级院校协作成效" }).getByRole("link").first().click();
  assessment = new URL(office.url()).pathname;
  const sheets = await main(office).locator('td a[href^="/assessment-sheets/"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.ok(sheets.length > 20);
  const school = await as("xianji");
  await school.goto(assessment);
  const own = await main(school).locator('a[href^="/assessment-sheets/"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.equal(new Set(own).size, 1);
  const other = sheets.find((href) => !own.includes(href));
  assert.equal((await school.request.get(other)).status(), 404);
  assert.match(await section(office, "结果").innerText(), /结果是否取决于权重/);
  await school.goto(`${own[0]}/paper`);
  assert.match(await main(school).innerText(), /每一分从哪来/);
  await school.goto(own[0]);
  assert.ok((await section(school, "每一分从哪来").locator("tbody tr").count()) >= 3);
  for (const figure of await section(school, "每一分从哪来").locator('td[data-label="当年"] a.figure').all()) {
    assert.equal((await school.request.get(await figure.getAttribute("href"))).status(), 200);
  }
  const book = await office.request.get(`${assessment}/book`);
  assert.equal((await book.body()).toString("latin1", 0, 2), "PK");
  for (const page of [office, school]) await leave(page);
});

test("a city objects in its time; somebody else answers, and what was shown stays as it is", async () => {
  const city = await as("shi");
  await city.goto("/assessments");
  await main(city).locator("tbody tr", { hasText: "各市协作成效" }).getByRole("link").first().click();
  const cities = new URL(city.url()).pathname;
  await main(city).locator('a[href^="/assessment-sheets/"]').first().click();
  const sheet = new URL(city.url()).pathname;
  await main(city).getByLabel("哪里不对").fill("有一所学校的就业数报晚了，请核对。（示例）");
  await press(city, "提出异议");
  assert.match(await flash(city), /由另一个人复核/);
  const reviewer = await as("shenhe");
  await reviewer.goto(cities);
  await section(reviewer, "异议").locator("tbody a").first().click();
  await main(reviewer).getByLabel("不认可").check();
  await main(reviewer).getByLabel("答复", { exact: true }).fill("以当年接收的数为准。（示例）");
  await press(reviewer, "答复");
  assert.match(await flash(reviewer), /答复/);
  await city.goto(sheet);
  assert.match(await section(city, "异议").innerText(), /未认可[\s\S]*以当年接收的数为准/);
  for (const page of [city, reviewer]) await leave(page);
});

// Step 4: what was confirmed moves the clocks and the indicator, and every figure opens down to its entry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, resize, title } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";
import { HELPERS, HOME, STAY, VISIT, clockOf } from "./support/clocks.mjs";

const CITY = "梅州市";

/** Claimed and confirmed, as the head of an indicator shows them. */
async function indicator(page, id) {
  await page.goto(`/indicators/${id}?year=2026&city=${encodeURIComponent(CITY)}`);
  return numbers(main(page).locator(".entry-sum"));
}

const numbers = async (place) =>
  (await place.locator(".figure").evaluateAll((all) => all.map((one) => Number(one.dataset.raw))));

/** Confirms one waiting entry of this helper and says how much it was. */
async function confirmOne(page, activity, helper) {
  await page.goto("/entries?waiting=me");
  const row = main(page).locator("tbody tr", { hasText: helper }).filter({ hasText: activity });
  await row.filter({ hasText: /2026-11-23/ }).first().getByRole("link", { name: activity }).click();
  const [quantity] = await numbers(main(page).locator(".entry-sum"));
  await page.getByRole("button", { name: "确认这一条" }).click();
  assert.match(await flash(page), /已确认/);
  return quantity;
}

for (const [login, helper] of Object.entries(HELPERS)) {
  const cases = [[VISIT, "主要负责同志调研对接", "visits"], [STAY, "常驻帮扶", "resident-days"]];
  for (const [clock, activity, id] of cases) {
    test(`a confirmation moves ${id === "visits" ? "S1.4" : "S1.6"} of ${login}, and the indicator`, async () => {
      const school = await as("xianji");
      const office = await as("sheng");
      const before = await clockOf(office, helper, clock);
      const [claimed, confirmed] = await indicator(office, id);
      const quantity = await confirmOne(school, activity, helper);
      const after = await clockOf(office, helper, clock);
      // A day on which two people of one helper were there counts once for the clock.
      assert.ok(after.confirmed > before.confirmed, `${before.confirmed} → ${after.confirmed}`);
      assert.ok(after.confirmed <= before.confirmed + quantity);
      assert.equal(after.claimed, before.claimed);
      assert.deepEqual(await indicator(office, id), [claimed, confirmed + quantity]);
      await leave(school);
      await leave(office);
    });
  }
}

test("a clock that is not done says the latest feasible day and the working days left", async () => {
  const page = await as("qiantou");
  await page.goto(`/clocks?state=active`);
  const open = main(page).locator("tbody tr", { hasText: STAY }).first();
  assert.match(await open.innerText(), /20\d\d-\d\d-\d\d\s+还有 \d+个工作日/);
  await open.getByRole("link").first().click();
  assert.match(await main(page).innerText(), /最迟开始\s+20\d\d年\d+月\d+日，还有 \d+个工作日/);
  const drawn = main(page).locator("svg.pic-wide");
  assert.match(await drawn.locator("desc").textContent(), /最迟20\d\d年\d+月\d+日开始/);
  // Each stay is drawn on its days and opens its entry; on a phone another drawing does the same.
  const stays = drawn.locator('a.pic-mark[href^="/entries/"]');
  if (await stays.count()) assert.match(await stays.first().getAttribute("aria-label"), /20\d\d年\d+月\d+日至/);
  await resize(page, "phone");
  assert.equal(await main(page).locator("svg.pic-narrow").isVisible(), true);
  await fits(page, "a clock on a phone");
  await resize(page, "office");
  await leave(page);
});

test("a target without a number opens what carries its sentence", async () => {
  const page = await as("sheng");
  await page.goto("/targets");
  const line = main(page).locator("tbody tr", { hasText: "不设数量" }).first();
  await line.getByRole("link", { name: "看落实情况" }).click();
  assert.match(new URL(page.url()).pathname, /^\/clauses\/G[23]\.1$/);
  assert.match(await main(page).innerText(), /系统里的落实/);
  await leave(page);
});

test("the province opens a figure down to the entry, who confirmed it, and the sentence of the plan", async () => {
  const page = await as("sheng");
  await page.goto("/targets");
  const group = main(page).locator("details", { hasText: "主要负责同志调研次数" });
  await group.locator("summary").click();
  const line = group.locator("tbody tr", { hasText: "主要负责同志调研次数" });
  const [claimed, confirmed] = await numbers(line);
  await line.locator(".figure").last().click();
  assert.equal(await title(page), "主要负责同志调研次数");
  assert.deepEqual(await numbers(main(page).locator(".entry-sum")), [claimed, confirmed]);

  const part = (name) => main(page).locator("section", { hasText: "分布" }).locator("tbody tr", { hasText: name });
  // The parts add up to the whole.
  const cities = await numbers(main(page).locator("section", { hasText: "分布" }).locator("tbody td[data-label='确认']"));
  assert.equal(cities.reduce((sum, n) => sum + n, 0), confirmed);
  const [, ofCity] = await numbers(part(CITY));
  await part(CITY).locator(".figure").last().click();
  assert.equal((await numbers(main(page).locator(".entry-sum")))[1], ofCity);

  const [, ofSchool] = await numbers(part(HOME));
  await part(HOME).locator(".figure").last().click();
  const rows = main(page).locator("[data-behind] tbody tr");
  const behind = await numbers(rows.locator("td[data-label='确认']"));
  assert.equal(behind.reduce((sum, n) => sum + n, 0), ofSchool);

  const mine = rows.filter({ hasText: "2026-11-23" }).first();
  assert.match(await mine.locator("td[data-label='由谁确认']").innerText(), /兴宁市职业技工学校/);
  await mine.getByRole("link", { name: "主要负责同志调研对接" }).click();
  assert.match(await page.locator(".timeline").innerText(), /确认[^]*兴宁市职业技工学校/);
  await page.locator(".clauses .clause", { hasText: "S1.4" }).click();
  assert.match(await title(page), /调研两次/);
  await leave(page);
});

test("the overview says what is to be raised, and one press puts it on the agenda", async () => {
  const page = await as("sheng");
  await page.goto("/overview");
  await fits(page, "the overview");
  await accessible(page, "the overview");
  const targets = main(page).locator("section", { hasText: "目标年度" }).locator("tbody tr");
  const years = await targets.locator("td[data-label='目标年度']").allInnerTexts();
  assert.deepEqual([...new Set(years)], ["2024年", "2025年", "2027年"]);
  assert.match(await targets.filter({ hasText: "已结对县级院校" }).innerText(), /全部[^]*所/);
  // A tile leads from the province to its city, a filter that stays in the address.
  await page.getByLabel("所在市").selectOption({ label: "梅州市" });
  await page.getByRole("button", { name: "筛选" }).click();
  assert.match(decodeURIComponent(page.url()), /city=梅州市/);
  assert.match(await main(page).innerText(), /请先清除条件/);
  assert.equal(await main(page).getByRole("button", { name: "列入议程" }).count(), 0);
  await page.goto("/overview");
  const row = main(page).locator("tr", { has: page.getByRole("button", { name: "列入议程" }) }).last();
  const topic = await row.locator("td[data-label='事项'] .user-text").first().innerText();
  await row.getByRole("button", { name: "列入议程" }).click();
  assert.match(await flash(page), /已列入.*的议程/);
  const meeting = main(page).getByText("下一次会议").getByRole("link");
  await meeting.click();
  assert.match(await main(page).innerText(), new RegExp(topic.slice(0, 6)));
  await leave(page);
});

test("the overview is told by month, task and day, goes out as a workbook, and is short on a phone", async () => {
  const page = await as("sheng");
  await page.goto("/overview");
  assert.ok((await page.locator("#q-task option").count()) > 1);
  await page.locator("#q-month").selectOption({ label: "三月" });
  await page.getByRole("button", { name: "筛选" }).click();
  assert.match(page.url(), /month=2026-03/);
  const file = await page.request.get(await main(page).getByRole("link", { name: "导出为表格" }).getAttribute("href"));
  assert.equal((await file.body()).toString("latin1", 0, 2), "PK");
  await page.goto("/overview?asof=2026-06-30");
  assert.match(await main(page).innerText(), /这里是截至/);
  assert.equal(await main(page).locator("td[data-label='已逾期']").count(), 0);
  await fits(page, "the overview as of a day");
  await accessible(page, "the overview as of a day");
  await page.goto("/overview");
  const places = main(page).locator("section", { hasText: "不排名" });
  assert.ok(await places.locator("tbody tr").first().isVisible(), "open where there is room");
  assert.equal(await main(page).locator("summary", { hasText: "展开" }).first().isVisible(), false);
  await resize(page, "phone");
  await page.goto("/overview");
  await fits(page, "the overview on a phone");
  await accessible(page, "the overview on a phone");
  const tall = await page.evaluate(() => document.scrollingElement.scrollHeight);
  assert.ok(tall < 5000, `${tall} px tall on a phone`);
  assert.equal(await places.locator("tbody tr").first().isVisible(), false);
  await places.locator("summary").click();
  assert.ok(await places.locator("tbody tr").first().isVisible());
  await resize(page, "office");
  await leave(page);
});

test("a county, a city and a helper are on one sheet, and a person is told to those who see the name", async () => {
  const parts = ["在等谁", "现在在校和接下来", "从需求到项目", "建设成果"];
  for (const [login, list, heading] of [
    ["shi", "/registry?kind=city_bureau", "对口县级院校"],
    ["xian", "/registry?kind=county_bureau", "对口县级院校"],
    ["qiantou", `/registry?q=${encodeURIComponent(HELPERS.qiantou)}`, "所帮的县级院校"],
  ]) {
    const page = await as(login);
    await page.goto(list);
    await main(page).locator("tbody a").first().click();
    await main(page).getByRole("link", { name: "一览" }).click();
    await fits(page, `the sheet that ${login} sees`);
    await accessible(page, `the sheet that ${login} sees`);
    const schools = main(page).locator("section", { hasText: heading }).locator("tbody tr");
    assert.ok(await schools.count() > 0, login);
    assert.ok((await main(page).innerText()).includes(HOME), login);
    for (const part of parts) assert.ok((await main(page).innerText()).includes(part), `${login}: ${part}`);
    // A school of the sheet has one of its own.
    await schools.first().getByRole("link").first().click();
    assert.match(new URL(page.url()).pathname, /^\/schools\/.*\/glance$/);
    await leave(page);
  }
  const school = await as("xianji");
  await school.goto(`/registry?q=${encodeURIComponent(HOME)}`);
  await main(school).locator("tbody a").first().click();
  const own = await main(school).locator("a[href^='/people/']").evaluateAll((all) => all.map((one) => one.pathname));
  await main(school).locator("a[href^='/people/']").last().click();
  await fits(school, "the sheet of a person");
  await accessible(school, "the sheet of a person");
  await leave(school);
  const office = await as("sheng");
  const seen = await Promise.all(own.map(async (sheet) => (await office.request.get(sheet)).status()));
  assert.ok(seen.includes(200) && seen.includes(404), "the office sees the sheets of public posts alone");
  await leave(office);
});

test("a pairing is on one sheet, which both sides open and print alike", async () => {
  const seen = [];
  for (const login of ["qiantou", "xianji"]) {
    const page = await as(login);
    await page.goto(`/pairings?q=${encodeURIComponent(HOME)}`);
    await main(page).locator("tbody a").first().click();
    await main(page).getByRole("link", { name: "一览" }).click();
    await fits(page, "the sheet of a pairing");
    await accessible(page, "the sheet of a pairing");
    for (const part of ["在等谁", "现在在校和接下来", "从需求到项目", "达标"]) {
      assert.ok((await main(page).innerText()).includes(part), `${login}: ${part}`);
    }
    seen.push(await main(page).locator("section", { hasText: "从需求到项目" }).last().innerText());
    // Every mark of the year opens what it stands for.
    const mark = main(page).locator("svg a[href^='/entries/'], svg a[href^='/projects/']").first();
    assert.equal((await page.request.get(await mark.getAttribute("href"))).status(), 200);
    await leave(page);
  }
  assert.equal(seen[0], seen[1]);
});

test("a school sees its own figures beside those of its last year", async () => {
  const page = await as("xianji");
  await page.goto("/overview");
  await fits(page, "a school's overview");
  await accessible(page, "a school's overview");
  const text = await main(page).innerText();
  assert.match(text, /2025年确认/);
  assert.ok(!text.includes("目标年度"), "the province's targets are not its own");
  await leave(page);
});

test("a city sees the same figures for itself only", async () => {
  const page = await as("shi");
  await page.goto("/overview");
  const text = await main(page).innerText();
  assert.match(text, /分院校/);
  assert.ok(text.includes(HOME));
  assert.ok(!text.includes("南雄市"));
  await leave(page);
});

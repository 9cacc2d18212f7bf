// 抽查: a second person of the side that confirmed looks again; the share is the province's to see.
// What is drawn hangs on the log, and so differs from run to run: the stories take what waits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";
import { onDesk } from "./support/desk.mjs";
import { newcomer } from "./support/holders.mjs";

const SENTENCE = "签到表上的日期比登记的晚一天，请更正（示例）。";
const CITIES = /^(广州|深圳|珠海|汕头|佛山|韶关|河源|梅州|惠州|汕尾|东莞|中山|江门|阳江|湛江|茂名|肇庆|清远|潮州|揭阳|云浮)市人力/;

const state = (page) => main(page).locator(".entry-sum .state").first().innerText();
const fact = (page, name) => main(page).locator(`dt:text-is("${name}") + dd`).first();
const waiting = [];
let months;

const next = () => {
  const at = waiting.findIndex((one) => one.stands);
  return at < 0 ? null : waiting.splice(at, 1)[0];
};

/** Which role somebody has who confirms for this unit. */
function role(unit, school) {
  if (unit === school) return "县级院校";
  if (unit.endsWith("人力资源和社会保障局")) return CITIES.test(unit) ? "市局" : "县局";
  return "牵头院校";
}

/** How the draw of a month came out. */
async function outcome(page, month) {
  await page.goto(month);
  const raw = async (name) => Number(await fact(page, name).locator(".figure").getAttribute("data-raw"));
  const names = ["抽中", "已复看", "与记录一致", "与记录不符", "未复看", "待复看"];
  const [drawn, looked, held, differs, lapsed, waits] = await Promise.all(names.map(raw));
  const share = await main(page).locator(".entry-sum .figure").first().getAttribute("data-raw");
  return { drawn, looked, held, differs, lapsed, waits, share: Number(share) };
}

const monthOf = async (page, check) => {
  for (const month of months) {
    await page.goto(month.replace("/months/", "?month="));
    if (await main(page).locator(`tbody a[href="${check}"]`).count()) return month;
  }
  throw new Error(`${check} is of no month`);
};

test("the sample of each month is on the list, its sum for the province alone", async () => {
  const office = await as("sheng");
  await office.goto("/spot-checks");
  months = await main(office).locator('a[href^="/spot-checks/months/"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.ok(months.length > 0);
  let drawn = 0;
  for (const month of months) {
    const sum = await outcome(office, month);
    assert.equal(sum.looked, sum.held + sum.differs);
    assert.equal(sum.drawn, sum.looked + sum.lapsed + sum.waits);
    if (sum.looked > 0) assert.equal(sum.share, Math.round((sum.held * 10_000) / sum.looked));
    const names = await main(office).innerText();
    assert.doesNotMatch(names, /学校（示例）|学院（示例）|人力资源和社会保障局/, "no unit is named beside a share");
    drawn += sum.drawn;
  }
  await office.goto("/spot-checks");
  assert.equal(await main(office).locator("tbody tr").count(), drawn);
  const file = await office.request.get(`${months[0]}/candidates`);
  assert.ok((await file.text()).trim().split("\n").length >= drawn / months.length, "among whom was drawn can be had");
  for (const login of ["shi", "xian", "qiantou", "xianji"]) {
    const other = await as(login);
    assert.equal((await other.goto(months[0])).status(), 403, login);
    assert.equal((await other.request.get(`${months[0]}/candidates`)).status(), 403, login);
    await other.goto("/spot-checks");
    assert.equal(await main(other).locator('a[href^="/spot-checks/months/"]').count(), 0);
    await leave(other);
  }

  await office.goto("/spot-checks?state=waiting");
  for (const row of await main(office).locator("tbody tr").all()) {
    const cell = (label) => row.locator(`td[data-label="${label}"]`).innerText();
    waiting.push({
      path: await row.locator('a[href^="/spot-checks/"]').getAttribute("href"),
      unit: await cell("确认单位"), school: await cell("对口县级院校"),
    });
  }
  for (const one of waiting) {
    await office.goto(one.path);
    assert.equal(await main(office).getByRole("button", { name: "与记录一致" }).count(), 0, "the office looks on");
    // What an earlier story changed since the draw is not looked at again.
    one.stands = (await main(office).locator(".entry-sum").nth(1).innerText()).includes("已确认");
  }
  await leave(office);
});

test("one press of a second person says that it holds, once; the share moves by it", async (t) => {
  const one = next();
  if (!one) return t.skip("nothing that was drawn waits in this run");
  const office = await as("sheng");
  const month = await monthOf(office, one.path);
  const before = await outcome(office, month);
  const second = await newcomer(one.unit, role(one.unit, one.school), { at: "phone" });
  assert.equal(await (await onDesk(second, "抽查复看")).count(), 1);
  await second.goto(one.path);
  const window = await second.context().newPage();
  await window.goto(one.path);
  await press(second, "与记录一致");
  assert.match(await flash(second), /已复看/);
  assert.equal(await state(second), "与记录一致");
  assert.equal(await main(second).getByRole("button", { name: "与记录一致" }).count(), 0);
  await press(window, "与记录一致");
  assert.match(await main(window).innerText(), /已经有人复看过了，没有再写入/);
  const after = await outcome(office, month);
  assert.deepEqual([after.looked, after.held, after.waits], [before.looked + 1, before.held + 1, before.waits - 1]);
  assert.equal(after.share, Math.round((after.held * 10_000) / after.looked));
  for (const page of [office, second]) await leave(page);
});

test("another does not hold: a sentence, and the confirmation is a dispute again", async (t) => {
  const one = next();
  if (!one) return t.skip("fewer than two of those that were drawn wait in this run");
  const office = await as("sheng");
  const month = await monthOf(office, one.path);
  const before = await outcome(office, month);
  const second = await newcomer(one.unit, role(one.unit, one.school));
  await second.goto(one.path);
  const recorded = main(second).locator(".entry-sum").nth(1);
  assert.match(await recorded.innerText(), /已确认/);
  await main(second).locator("summary", { hasText: "与记录不符" }).click();
  const differ = main(second).locator("details[open]").getByRole("button", { name: "与记录不符" });
  await differ.click();
  assert.match(await main(second).locator("#errors").innerText(), /一句话写明/);
  await main(second).locator("details[open] textarea").fill(SENTENCE);
  await differ.click();
  assert.match(await flash(second), /原来的确认已撤销并提出异议/);
  assert.equal(await state(second), "与记录不符");
  await main(second).getByRole("link", { name: "打开这一条台账" }).click();
  assert.match(await main(second).locator(".entry-sum").first().innerText(), /确认\s*0[\s\S]*有异议/);
  assert.ok((await main(second).locator(".timeline").innerText()).includes(SENTENCE), "whoever entered it reads why");
  const after = await outcome(office, month);
  assert.deepEqual([after.looked, after.held, after.differs], [before.looked + 1, before.held, before.differs + 1]);
  assert.equal(after.share, Math.round((after.held * 10_000) / after.looked));
  for (const page of [office, second]) await leave(page);
});

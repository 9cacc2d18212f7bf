// Step 2: from the desk to a claimed visit and a claimed residency: one page, at most four inputs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main } from "./support/browser.mjs";
import { HELPERS, HOME, VISIT, clockOf } from "./support/clocks.mjs";

const MOST_INPUTS = 4;

/** Everything a person has to look at and fill in. */
const inputs = (page) => main(page).locator("input:not([type=hidden]), select, textarea").filter({ visible: true });

/** Counts the documents a person goes through. */
function documents(page) {
  const seen = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) seen.push(request.method());
  });
  return seen;
}

/** The desk's own task for the home school leads straight to the form, with the school filled in. */
async function fromDesk(page, button) {
  const task = main(page).locator(".task", { hasText: HOME }).filter({ hasText: button });
  await task.getByRole("link", { name: button }).first().click();
  assert.ok((await inputs(page).count()) <= MOST_INPUTS, "more inputs than promised");
}

async function choosePerson(page, label, title) {
  const field = page.getByLabel(label, { exact: false }).first();
  const option = await field.locator("option", { hasText: title }).first().getAttribute("value");
  await field.selectOption(option);
}

for (const login of ["qiantou", "peihe"]) {
  test(`${login} claims a visit of the principal: desk, form, done`, async () => {
    const page = await as(login);
    const before = await clockOf(page, HELPERS[login], VISIT);
    assert.match(before.latest, /^2026-12-31\s+还有 \d+个工作日$/);
    await page.goto("/");
    const seen = documents(page);
    await fromDesk(page, "登记调研");
    await choosePerson(page, "到校领导", "（院长）");
    await page.getByLabel("日期").fill("2026-11-23");
    await page.getByRole("button", { name: "登记调研" }).click();
    assert.match(await flash(page), /已登记“主要负责同志调研对接”.*确认后计入确认数/);
    // The form, the sending of it, and the page that says what happened.
    assert.deepEqual(seen, ["GET", "POST", "GET"]);
    assert.match(await main(page).innerText(), new RegExp(`${HOME}[^]*待确认`));
    // Claimed moves at once, confirmed does not; with everything done there is no latest day any more.
    const after = await clockOf(page, HELPERS[login], VISIT);
    assert.deepEqual([after.claimed, after.confirmed], [before.claimed + 1, before.confirmed]);
    assert.deepEqual([after.state, after.latest], ["已开展，待确认", "—"]);
    await leave(page);
  });
}

test("a mistake is told beside the field, and what was typed stays", async () => {
  const page = await as("qiantou");
  await page.goto("/entries/new/visit");
  await page.getByLabel("商定事项").fill("共建实训车间");
  await page.getByRole("button", { name: "登记调研" }).click();
  assert.match(await page.locator("#errors").innerText(), /请先改正/);
  assert.ok((await page.locator(".wrong").count()) >= 3);
  assert.equal(await page.getByLabel("商定事项").inputValue(), "共建实训车间");
  await leave(page);
});

for (const [login, from, to] of [["qiantou", "2026-11-21", "2026-11-23"], ["peihe", "2026-11-20", "2026-11-23"]]) {
  test(`${login} claims a residency of a teacher`, async () => {
    const page = await as(login);
    await page.goto("/entries/new/residency");
    assert.ok((await inputs(page).count()) <= MOST_INPUTS, "more inputs than promised");
    await page.getByLabel("对口县级院校").selectOption({ label: HOME });
    const people = page.getByLabel("常驻人员");
    await people.selectOption({ index: (await people.locator("option").count()) - 1 });
    await page.getByLabel("开始日期").fill(to);
    await page.getByLabel("结束日期").fill(from);
    assert.match(await page.locator(".span-days").innerText(), /早于/);
    await page.getByLabel("开始日期").fill(from);
    await page.getByLabel("结束日期").fill(to);
    const days = (Date.parse(to) - Date.parse(from)) / 864e5 + 1;
    assert.match(await page.locator(".span-days").innerText(), new RegExp(`共 ${days} 天`));
    await page.getByRole("button", { name: "登记常驻" }).click();
    assert.match(await flash(page), /已登记“常驻帮扶”/);
    assert.match(await main(page).innerText(), new RegExp(`登记\\s*${days}\\s*天\\s*确认\\s*0\\s*天`));
    await leave(page);
  });
}

test("one person is not resident in two places on a day", async () => {
  const page = await as("qiantou");
  await page.goto("/entries/new/residency");
  await page.getByLabel("对口县级院校").selectOption({ label: "龙门县技工学校（示例）" });
  const people = page.getByLabel("常驻人员");
  await people.selectOption({ index: (await people.locator("option").count()) - 1 });
  await page.getByLabel("开始日期").fill("2026-11-22");
  await page.getByLabel("结束日期").fill("2026-11-22");
  await page.getByRole("button", { name: "登记常驻" }).click();
  assert.match(await page.locator("#errors").innerText(), /请先改正/);
  await leave(page);
});

test("a claim can be undone at once", async () => {
  const page = await as("qiantou");
  await page.goto("/entries/new/visit");
  await page.getByLabel("对口县级院校").selectOption({ label: "连州市职业技工学校（示例）" });
  await choosePerson(page, "到校领导", "（院长）");
  await page.getByLabel("日期").fill("2026-11-20");
  await page.getByRole("button", { name: "登记调研" }).click();
  await page.getByRole("button", { name: "撤回这一条" }).first().click();
  assert.match(await main(page).innerText(), /已撤回/);
  await leave(page);
});

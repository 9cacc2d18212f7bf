// 通报表扬: a bureau names a college for confirmed work, two of the office review it, nobody else sees it before it is shown; what
// was decided last year stands in the notice by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";
import { papers } from "./support/papers.mjs";

const SENTENCE = "常驻期间带出一门新课。（示例）";
const THIS_YEAR = new Date().getFullYear();

let nomination;

const roundOf = (page, year) => main(page).getByRole("link", { name: `${year}年度`, exact: true }).first();

async function chooseLast(select) {
  const values = await select.locator("option").evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
  await select.selectOption(values.at(-1));
}

test("a county bureau names a lead college, in steps, for entries that are confirmed", async () => {
  const page = await as("xian");
  await page.goto("/commendations");
  await roundOf(page, THIS_YEAR).click();
  await main(page).getByRole("link", { name: "提名", exact: true }).first().click();
  await main(page).getByLabel("表扬类别").selectOption({ label: "牵头院校" });
  await press(page, "下一步");
  await chooseLast(main(page).getByLabel("哪所学校"));
  await press(page, "下一步");
  assert.ok((await main(page).locator('input[name="reasons"]').count()) > 0, "confirmed entries stand there to choose from");
  await main(page).getByLabel("表扬什么").fill(SENTENCE);
  await press(page, "提名");
  assert.match(await main(page).locator("#errors").innerText(), /至少选一条/);
  await main(page).locator('input[name="reasons"]').first().check();
  await press(page, "提名");
  assert.match(await flash(page), /已提名/);
  nomination = new URL(page.url()).pathname;
  const other = await as("peihe");
  assert.equal((await other.request.get(nomination)).status(), 404, "it is not for others before it is shown");
  for (const one of [page, other]) await leave(one);
});

test("who meets what is asked is proposed by one of the office and confirmed by another; who does not is not", async () => {
  const office = await as("sheng");
  await office.goto(nomination);
  assert.match(await main(office).innerText(), /照记录核对/);
  assert.equal(await main(office).getByRole("button", { name: "核对通过" }).count(), 0);
  const fails = await main(office).getByRole("cell", { name: "不符合", exact: true }).count();
  assert.equal(await main(office).getByRole("button", { name: "建议列入" }).count(), fails ? 0 : 1);
  await main(office).getByText("不列入", { exact: true }).first().click();
  await press(office, "不列入");
  assert.match(await main(office).locator("#errors").innerText(), /请填写理由/);
  await main(office).locator('dl a[href^="/commendations/"]').first().click();
  const all = await main(office).locator('a[href^="/nominations/"]').evaluateAll((links) => links.map((one) => one.getAttribute("href")));
  let meets;
  for (const one of new Set(all)) {
    await office.goto(one);
    // Not of the county that is asked below, which sees what concerns its own school.
    const own = (await main(office).innerText()).includes("兴宁");
    if (!own && (await main(office).getByRole("button", { name: "建议列入" }).count())) meets = one;
    if (meets) break;
  }
  assert.ok(meets, "somebody meets what is asked");
  await press(office, "建议列入");
  assert.match(await flash(office), /等另一个人核对/);
  const reviewer = await as("shenhe");
  await reviewer.goto(meets);
  await press(reviewer, "核对通过");
  assert.match(await flash(reviewer), /列入名单/);
  const county = await as("xian");
  assert.equal((await county.goto(meets)).status(), 404, "another county sees nothing before it is shown");
  for (const page of [office, reviewer, county]) await leave(page);
});

test("last year's list is for everybody, and the notice has its names", async () => {
  const school = await as("xianji");
  await school.goto("/commendations");
  await roundOf(school, THIS_YEAR - 1).click();
  assert.match(await main(school).innerText(), /已决定[\s\S]*/);
  assert.ok((await main(school).locator("tbody tr").count()) > 0);
  const office = await as("shenhe");
  await office.goto("/commendations");
  await roundOf(office, THIS_YEAR - 1).click();
  await main(office).getByRole("link", { name: "通报代拟稿" }).click();
  const paper = await papers(office);
  assert.ok(paper.text.includes("通报表扬") && paper.text.includes("示例"));
  for (const page of [school, office]) await leave(page);
});

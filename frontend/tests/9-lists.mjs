// Lists: sorted by their headings and kept through filters, by keyboard; on a phone by the menu above the cards.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { as, leave, main, resize, visit } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

let page;
before(async () => {
  page = await as("sheng");
});
after(() => leave(page));

const heading = (name) => main(page).getByRole("columnheader", { name });
const days = () => main(page).locator('td[data-label="起止"] time:first-child').evaluateAll(
  (all) => all.map((one) => one.getAttribute("datetime")),
);
const sorted = (list) => [...list].sort();

test("a heading sorts upwards, downwards and back, and the filters stay", async () => {
  await page.goto("/entries?typical=typical");
  const span = heading("起止");
  await span.getByRole("link").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/sort=span/);
  assert.equal(await heading("起止").getAttribute("aria-sort"), "ascending");
  const up = await days();
  assert.deepEqual(up, sorted(up));
  await heading("起止").getByRole("link").click();
  await page.waitForURL(/sort=-span/);
  assert.equal(await heading("起止").getAttribute("aria-sort"), "descending");
  const down = await days();
  assert.deepEqual(down, sorted(down).reverse());
  assert.match(page.url(), /typical=typical/);
  await main(page).getByLabel("学校名称").fill("示例");
  await main(page).getByRole("button", { name: "筛选" }).click();
  await page.waitForURL(/q=/);
  assert.equal(await heading("起止").getAttribute("aria-sort"), "descending", "filtering keeps the order");
  await heading("起止").getByRole("link").click();
  await page.waitForURL((url) => !url.searchParams.has("sort"));
  assert.equal(await heading("起止").getAttribute("aria-sort"), null);
});

test("on a phone a menu takes the place of the headings, also without script", async () => {
  const { cookies, origins } = await page.context().storageState();
  const phone = await visit({ at: "phone", script: false, state: { cookies, origins } });
  await phone.goto("/entries");
  await main(phone).locator(".order-by summary").click();
  await main(phone).getByRole("link", { name: "起止，升序" }).click();
  await phone.waitForURL(/sort=span/);
  assert.equal(await main(phone).locator(".order-by summary").innerText(), "排序：起止，升序");
  await leave(phone);
});

test("a reader leaves out a column, also without script, and filters keep it so", async () => {
  const { cookies, origins } = await page.context().storageState();
  const plain = await visit({ at: "office", script: false, state: { cookies, origins } });
  await plain.goto("/entries?typical=typical");
  await main(plain).locator(".choose summary").click();
  await main(plain).getByRole("link", { name: "隐藏：人员" }).click();
  await plain.waitForURL(/hide=person/);
  assert.match(plain.url(), /typical=typical/);
  assert.equal(await main(plain).locator("th[hidden]").isVisible(), false);
  assert.equal(await main(plain).locator("td[data-label=人员]").first().isVisible(), false);
  await main(plain).getByLabel("学校名称").fill("示例");
  await main(plain).getByRole("button", { name: "筛选" }).click();
  await plain.waitForURL(/q=/);
  assert.match(await main(plain).locator(".choose summary").innerText(), /已隐藏：人员/);
  assert.equal(await main(plain).locator(".order-by").isVisible(), false, "the headings sort");
  await plain.goto("/entries?sort=-confirmed&hide=confirmed");
  assert.equal(await main(plain).locator(".order-by summary").innerText(), "排序：确认，降序", "no heading says so");
  await leave(plain);
});

test("what an address asks and the page does not know is said", async () => {
  await page.goto("/entries?state=nowhere");
  assert.match(await main(page).locator(".notice-warn").innerText(), /状态/);
});

for (const size of ["office", "phone"]) {
  test(`axe finds nothing on a sorted list, and nothing scrolls sideways: ${size}`, async () => {
    await page.goto("/entries?sort=-confirmed");
    await resize(page, size);
    if (size === "phone") await main(page).locator(".order-by summary").click();
    await fits(page, size);
    await accessible(page, size);
    await resize(page, "office");
  });
}

test("a list on paper is a table, not the cards of a phone", async () => {
  const page = await as("sheng");
  // A sheet of paper is as narrow as a phone is.
  await page.setViewportSize({ width: 627, height: 900 });
  await page.goto("/entries");
  const display = () => main(page).locator("tbody td").first().evaluate((cell) => getComputedStyle(cell).display);
  assert.notEqual(await display(), "table-cell");
  await page.emulateMedia({ media: "print" });
  assert.equal(await display(), "table-cell");
  await leave(page);
});

test("paper says as of which day, from where and by what a list is narrowed, and repeats the headings", async () => {
  const page = await as("sheng");
  await page.goto("/entries?typical=typical");
  const lines = page.locator(".printed");
  assert.deepEqual(await lines.evaluateAll((all) => all.map((one) => one.checkVisibility())), [false, false]);
  await page.emulateMedia({ media: "print" });
  const said = (await lines.allInnerTexts()).join(" ");
  for (const part of ["数据截至", "/entries?typical=typical", "典型县"]) assert.ok(said.includes(part), part);
  const look = await main(page).locator("thead").first().evaluate((head) => getComputedStyle(head).display);
  assert.equal(look, "table-header-group");
  for (const gone of [".top", ".menu", ".filters", ".page-act", ".paging-steps"]) {
    assert.ok(await page.locator(gone).evaluateAll((all) => all.every((one) => !one.checkVisibility())), gone);
  }
  // The list lies across: a sheet of A4 on its side is wider than it is high.
  const sheet = await page.pdf({ preferCSSPageSize: true });
  const [, width, height] = sheet.toString("latin1").match(/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/);
  assert.ok(Number(width) > Number(height), `${width} × ${height}`);
  await leave(page);
});

test("a paper is a page, a Word file and a PDF", async () => {
  const page = await as("sheng");
  await page.goto("/pairings");
  await main(page).locator("tbody a").first().click();
  await main(page).getByRole("link", { name: "走访前一页纸" }).click();
  assert.ok((await main(page).locator(".paper").innerText()).includes("协作院校的履职"));
  for (const [name, kind] of [["下载 Word", "docx"], ["下载 PDF", "pdf"]]) {
    const [file] = await Promise.all([page.waitForEvent("download"), main(page).getByRole("link", { name }).click()]);
    assert.ok(file.suggestedFilename().endsWith(`.${kind}`));
  }
  await leave(page);
});

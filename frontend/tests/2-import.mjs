// Step 1: the provincial office takes its registry and its pairing table in.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { as, leave, main, title } from "./support/browser.mjs";

// A name as long as real ones are.
const SCHOOL = "河源市和平县第二职业技工学校（示例）";
const SCHOOL_ROW = {
  学校名称: SCHOOL,
  办学层次: "技工学校",
  办学性质: "公办",
  "所在县（市、区）或地市": "和平县",
  所在地市: "河源市",
  举办或主管: "县",
  对口县级院校自: "2024-07-26",
};
const PAIRING_ROW = {
  对口县级院校: SCHOOL,
  牵头院校: "广东省匠心技师学院（示例）",
  配合院校: "河源市万绿技师学院（示例）",
  协议签订日期: "2026-11-02",
  开始日期: "2026-11-02",
};

/** The template of one sheet, as the office downloads it from the page, with rows filled in. */
async function filled(page, sheet, rows) {
  await page.goto("/import");
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: `${sheet}（CSV）` }).click();
  const text = await readFile(await (await waiting).path(), "utf8");
  const columns = text.replace("\uFEFF", "").split(/\r?\n/)[0].split(",");
  for (const row of rows) {
    for (const name of Object.keys(row)) assert.ok(columns.includes(name), `${name} is no column of ${sheet}`);
  }
  const lines = rows.map((row) => columns.map((column) => row[column] ?? "").join(","));
  return `\uFEFF${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

async function send(page, sheet, text) {
  await page.goto("/import");
  const file = { name: `${sheet}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.getByLabel("表格文件").setInputFiles(file);
  await page.getByRole("button", { name: "检查并导入" }).click();
}

/** What the preview says of each row: new, changed, and so on. */
const outcomes = (page) => main(page).locator("tr[data-outcome]").evaluateAll((rows) => rows.map((row) => row.dataset.outcome));

async function accept(page) {
  assert.equal(await title(page), "导入预览");
  await page.getByRole("button", { name: "确认写入" }).click();
}

const found = async (page, path, name) => {
  await page.goto(`${path}?q=${encodeURIComponent(name)}`);
  return main(page).locator("tbody tr").count();
};

/** The result's line for a sheet: made, changed, same. */
const counted = (page, sheet) =>
  main(page).locator("tbody tr", { hasText: sheet }).first().locator("td b").allInnerTexts();

test("the template is a workbook with code lists", async () => {
  const page = await as("sheng");
  await page.goto("/import");
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载空模板" }).click();
  const file = await waiting;
  assert.match(file.suggestedFilename(), /\.xlsx$/);
  assert.equal((await readFile(await file.path())).subarray(0, 2).toString(), "PK");
  await leave(page);
});

test("an error is told with sheet, row, column and reason, and nothing is taken in", async () => {
  const page = await as("sheng");
  const wrong = { ...SCHOOL_ROW, "所在县（市、区）或地市": "和平市" };
  const good = { ...SCHOOL_ROW, 学校名称: "河源市和平县第三职业技工学校（示例）" };
  await send(page, "院校", await filled(page, "院校", [good, wrong]));
  assert.match(await main(page).innerText(), /1 处问题，什么也没有写入/);
  const [sheet, row, column, value, reason, help] =
    await main(page).locator(".problems tbody td").allInnerTexts();
  assert.deepEqual([sheet, row, value], ["院校", "3", "和平市"]);
  assert.match(column, /^D 所在县（市、区）或地市$/);
  assert.ok(reason.length > 3);
  assert.match(help, /和平县/);
  assert.equal(await found(page, "/registry", good.学校名称), 0);
  await leave(page);
});

test("the corrected file is shown, taken in when it is accepted, and once more changes nothing", async () => {
  const page = await as("sheng");
  const text = await filled(page, "院校", [SCHOOL_ROW]);
  await send(page, "院校", text);
  assert.ok((await outcomes(page)).includes("made"));
  await page.getByRole("button", { name: "取消导入" }).click();
  assert.equal(await found(page, "/registry", SCHOOL), 0, "nothing is written before it is accepted");
  await send(page, "院校", text);
  await accept(page);
  assert.equal(await title(page), "导入完成");
  assert.deepEqual(await counted(page, "院校"), ["1", "0", "0"]);
  await send(page, "院校", text);
  assert.match(await main(page).innerText(), /没有要写入的内容/);
  assert.equal(await page.getByRole("button", { name: "确认写入" }).count(), 0);
  assert.equal(await found(page, "/registry", SCHOOL), 1);
  await leave(page);
});

test("the pairing table: the error first, then the pairing, then no second one", async () => {
  const page = await as("sheng");
  const wrong = { ...PAIRING_ROW, 牵头院校: "广东省没有的技师学院（示例）" };
  await send(page, "结对", await filled(page, "结对", [wrong]));
  const cells = await main(page).locator(".problems tbody td").allInnerTexts();
  assert.deepEqual(cells.slice(0, 2), ["结对", "2"]);
  assert.match(cells[2], /牵头院校/);
  assert.equal(await found(page, "/pairings", SCHOOL), 0);

  const text = await filled(page, "结对", [PAIRING_ROW]);
  await send(page, "结对", text);
  await accept(page);
  assert.deepEqual(await counted(page, "结对"), ["1", "0", "0"]);
  await send(page, "结对", text);
  assert.equal(await found(page, "/pairings", SCHOOL), 1);
  await leave(page);
});

test("what is no table is refused in words", async () => {
  const page = await as("sheng");
  await page.goto("/import");
  const file = { name: "照片.xlsx", mimeType: "image/png", buffer: Buffer.from("no workbook at all") };
  await page.getByLabel("表格文件").setInputFiles(file);
  await page.getByRole("button", { name: "检查并导入" }).click();
  assert.match(await page.locator("#errors").innerText(), /请先改正/);
  // The summary has the focus, and its line leads to the field.
  assert.equal(await page.evaluate(() => document.activeElement.id), "errors");
  await page.locator("#errors a").click();
  assert.equal(new URL(page.url()).hash, "#f-file");
  await leave(page);
});

// The words of the plan are loaded by the office and stand behind every number; a file is taken back as a whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, resize, title } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

const send = async (page, name, text, button) => {
  const file = { name, mimeType: "text/csv", buffer: Buffer.from(`\uFEFF${text}`) };
  await page.getByLabel("表格文件").setInputFiles(file);
  await press(page, button);
};

test("until words are loaded a sentence says that its title is ours; then they stand behind its number", async () => {
  const page = await as("sheng");
  await page.goto("/clauses/S1.5");
  assert.match(await main(page).innerText(), /标题是系统的概括，不是原文/);
  await main(page).getByRole("link", { name: "载入方案原文" }).click();
  await send(page, "原文.csv", "编号,原文\nS1.5,（示例）这里是原话。\nX9.9,不是条目\nS1.5,又一次\n", "检查并载入");
  assert.equal(await main(page).locator(".problems tbody tr").count(), 2, "both mistakes in one round");
  await send(page, "原文.csv", "编号,原文\nS1.5,（示例）这里是原话。\n", "检查并载入");
  assert.equal(await title(page), "导入预览");
  await press(page, "确认写入");
  await page.goto("/clauses/S1.5");
  assert.match(await main(page).innerText(), /（示例）这里是原话。/);
  for (const size of ["office", "phone"]) {
    await resize(page, size);
    await fits(page, size);
    await accessible(page, size);
  }
  await leave(page);
});

test("a catalogue that was the wrong file is taken back from the list of imports", async () => {
  const page = await as("sheng");
  await page.goto("/majors/catalogue");
  const versions = () => main(page).locator("section").first().locator("tbody tr").count();
  const before = await versions();
  await page.getByLabel("版本名称").fill("二〇九九年版（示例）");
  await page.getByLabel("文件出处").fill("示例");
  const [head, row] = ["专业代码,专业名称,专业大类,核实情况,来源", ",制茶（示例）,农业类,未核实,"];
  await send(page, "目录.csv", `${head}\n${row}\n`, "检查并导入");
  await press(page, "确认写入");
  assert.match(await flash(page), /新增 1 个/);
  assert.equal(await versions(), before + 1);
  await main(page).getByRole("link", { name: "导入记录" }).click();
  for (const size of ["phone", "office"]) {
    await resize(page, size);
    await fits(page, size);
    await accessible(page, size);
  }
  const line = main(page).locator("tbody tr", { hasText: "目录.csv" }).first();
  await line.getByRole("button", { name: "撤销这次导入" }).click();
  await page.locator("dialog.ask .button-primary").click();
  assert.match(await flash(page), /已撤销这次导入/);
  assert.match(await main(page).locator("tbody tr", { hasText: "目录.csv" }).first().innerText(), /已撤销/);
  await page.goto("/majors/catalogue");
  assert.equal(await versions(), before);
  await leave(page);
});

// 数据对接: the file of today is there to take away; what the other side says stands beside ours; a wrong file is told line by line.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";

const MORE = 7;

/** Opens one exchange from the list of all. */
async function open(page, name) {
  await page.goto("/exchanges");
  await main(page).getByRole("link", { name, exact: true }).click();
  assert.equal(await title(page), name);
}

/** The file of today, as the page gives it: its headings and its rows. */
async function today(page, ending) {
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载今天的文件" }).click();
  const file = await waiting;
  assert.ok(file.suggestedFilename().endsWith(ending), file.suggestedFilename());
  const [headings, ...rows] = (await readFile(await file.path(), "utf8")).trim().split(/\r?\n/).map((line) => line.split(","));
  return { headings, rows };
}

async function upload(page, { headings, rows }) {
  const text = `${[headings, ...rows].map((cells) => cells.join(",")).join("\r\n")}\r\n`;
  const file = { name: "对方.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  await main(page).getByLabel("对方导出的文件").setInputFiles(file);
  await press(page, "检查并收下");
}

test("the office takes away the file that goes to the other side", async () => {
  const office = await as("sheng");
  await open(office, "毕业生和校企合作数报送");
  const { headings, rows } = await today(office, ".csv");
  assert.deepEqual(headings.slice(0, 2), ["dwmc", "xzqh"]);
  assert.ok(rows.length > 0 && rows.every((cells) => cells.length === headings.length));
  await leave(office);
});

test("a wrong file is told line by line and nothing of it is kept; the right one stands beside ours", async () => {
  const office = await as("sheng");
  await open(office, "在校生和教师数核对");
  // Several cells of a transfer lead to it.
  const runs = async () => {
    const links = await main(office).locator('a[href^="/exchange-runs/"]').evaluateAll((all) => all.map((a) => a.pathname));
    return new Set(links).size;
  };
  const before = await runs();
  const { headings, rows } = await today(office, ".csv");
  const pupils = headings.indexOf("zxs");
  const at = rows.findIndex((cells) => /^\d+$/.test(cells[pupils]));
  assert.ok(at >= 0, "a school told how many pupils it has");
  const school = rows[at][headings.indexOf("xxmc")];
  const changed = (value) => ({ headings, rows: rows.map((cells, row) => (row === at ? cells.with(pupils, value) : cells)) });

  await upload(office, changed("许多"));
  const problem = main(office).locator("table.problems tbody tr");
  assert.equal(await problem.count(), 1);
  // The headings are the first line of the file.
  assert.equal((await problem.locator('td[data-label="行"]').innerText()).trim(), String(at + 2));
  assert.match(await problem.innerText(), new RegExp(`zxs[\\s\\S]*${school}[\\s\\S]*不是数`));
  assert.equal(await runs(), before, "nothing is half taken");

  await upload(office, changed(String(Number(rows[at][pupils]) + MORE)));
  assert.match(await flash(office), /没有改动本系统的数/);
  const line = main(office).locator('tbody tr:has(td[data-label="对方多"])', { hasText: school });
  assert.equal(await line.count(), 1, "the one number that differs");
  assert.equal(await line.locator('td[data-label="对方多"] .figure').getAttribute("data-raw"), String(MORE));
  await open(office, "在校生和教师数核对");
  assert.equal(await runs(), before + 1);
  assert.deepEqual((await today(office, ".csv")).rows, rows, "ours stays what it was");
  await leave(office);
});

test("a file that is carried over is kept as it went, and its answer accounts for every row", async () => {
  const office = await as("sheng");
  await open(office, "毕业生和校企合作数报送");
  const { rows } = await today(office, ".csv");
  await press(office, "登记交出今天的文件");
  await office.locator("dialog.ask .button-primary").click();
  assert.match(await flash(office), /已登记/);
  const answer = async (text) => {
    await main(office).getByLabel("对方答复的文件").setInputFiles({ name: "答复.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await press(office, "登记答复");
  };
  await answer(JSON.stringify({ accepted: rows.length + 1 }));
  assert.match(await main(office).locator("#errors").innerText(), /什么也没有登记/);
  await answer(JSON.stringify({ accepted: rows.length - 1, refused: [{ line: 1, field: "bys", words: "与学籍不符" }] }));
  assert.match(await flash(office), /已登记对方的答复/);
  assert.match(await main(office).innerText(), /已完成[\s\S]*/);
  assert.match(await main(office).locator("table").first().innerText(), /与学籍不符/);
  await leave(office);
});

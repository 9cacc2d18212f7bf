// 资源库: shared once, found by words and by pinyin, looked at in the page, counted only where a school says that it uses it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";

const TITLE = "五轴加工中心操作讲义（示例）";
const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

let resource;

async function upload(page, name, buffer) {
  await main(page).locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await main(page).getByLabel("资源标题").fill(TITLE);
  await main(page).getByLabel("资源种类").selectOption({ label: "精品课程" });
  await main(page).getByLabel("使用许可").selectOption({ label: "可以改编" });
  await press(page, "上传");
}

test("a college shares a file; one that is not what its name says is refused with words", async () => {
  const page = await as("qiantou");
  await page.goto("/resources/new");
  await upload(page, "讲义.pdf", Buffer.from("只是文字"));
  assert.match(await main(page).locator("#errors").innerText(), /文件/);
  await upload(page, "讲义.pdf", PDF);
  assert.match(await flash(page), /已上传/);
  resource = new URL(page.url()).pathname;
  assert.equal(await main(page).locator("object.preview").count(), 1);
  await leave(page);
});

test("another school finds it by words, pinyin and initials, and states its use; looking is not counted", async () => {
  const school = await as("xianji");
  for (const word of ["五轴加工", "wuzhoujiagong", "wzjg"]) {
    await school.goto(`/resources?q=${encodeURIComponent(word)}`);
    assert.equal(await main(school).locator("tbody a", { hasText: TITLE }).count(), 1, word);
  }
  await main(school).locator("tbody a", { hasText: TITLE }).click();
  assert.match(await main(school).innerText(), /看过、下载过不算/);
  await main(school).getByLabel("用在哪门课、哪个班").fill("数控二班实训课（示例）");
  await main(school).getByLabel("哪个学期").selectOption({ index: 1 });
  await press(school, "登记使用");
  assert.match(await flash(school), /登记/);
  const owner = await as("qiantou");
  await owner.goto(resource);
  assert.match(await main(owner).locator("#uses").innerText(), /数控二班实训课/);
  assert.equal(await main(owner).getByRole("button", { name: "登记使用" }).count(), 0, "nobody uses his own");
  for (const page of [school, owner]) await leave(page);
});

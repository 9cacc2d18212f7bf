// The office's year: accounts for new people with one workbook, a duty and an activity changed on running data, and a list of
// pairings published, taken back and published again. It is last, because pages go by the new programme from then on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title, visit } from "./support/browser.mjs";
import { clockOf, HELPERS, VISIT } from "./support/clocks.mjs";

const NEWCOMERS = [["兴宁市人力资源和社会保障局", "xn-ban"], ["梅县区人力资源和社会保障局", "mx-ban"]];
let version;
let before;

/** Says yes where an act asks once more. */
const sure = (page) => page.locator("dialog.ask .button-primary").click();

/** The clocks of this year at the home school, as each helper sees its own. */
async function clocks() {
  const found = {};
  for (const [login, helper] of Object.entries(HELPERS)) {
    const page = await as(login);
    found[login] = await clockOf(page, helper, VISIT);
    await leave(page);
  }
  return found;
}

test("accounts of many units are asked for with one file, approved at once and opened with sealed codes", async () => {
  const [admin, keeper] = [await as("xitong"), await as("anquan")];
  await admin.goto("/accounts/import");
  const waiting = admin.waitForEvent("download");
  await main(admin).getByRole("link", { name: "下载申请表" }).click();
  assert.match((await waiting).suggestedFilename(), /\.xlsx$/, "the units stand in it already");
  const lines = NEWCOMERS.map(([unit, login]) => `${unit},县局,新来的人（示例）,${login}`);
  const send = async (rows) => {
    await admin.goto("/accounts/import");
    const text = `\uFEFF单位全称,角色,姓名,账号\r\n${rows.join("\r\n")}\r\n`;
    const file = { name: "账号申请.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
    await main(admin).getByLabel("表格文件").setInputFiles(file);
    await press(admin, "检查并提出申请");
  };
  await send([...lines, "没有这个单位,县局,新来的人（示例）,mei-you"]);
  assert.match(await main(admin).innerText(), /没有这个单位/, "one fault, and nothing is asked for");
  await send(lines);
  for (const [, login] of NEWCOMERS) assert.match(await main(admin).innerText(), new RegExp(login), "looked at first");
  await press(admin, "确认写入");
  assert.match(await flash(admin), /已提出 2 项申请/);
  await keeper.goto("/accounts/requests?state=waiting");
  for (const [, login] of NEWCOMERS) assert.match(await main(keeper).innerText(), new RegExp(login));
  await main(keeper).getByRole("button", { name: /^全部批准/ }).click();
  await sure(keeper);
  await keeper.waitForLoadState();
  assert.equal(await title(keeper), "开通码");
  const slip = main(keeper).locator(".slip", { hasText: NEWCOMERS[0][1] });
  assert.equal(await slip.count(), 1, "one to print for each");
  const code = await slip.locator("dl code").nth(1).innerText();
  const holder = await visit();
  await holder.goto(`/welcome/${code}`);
  assert.match(await holder.locator("main").innerText(), new RegExp(NEWCOMERS[0][1]), "the holder alone sets the password");
  for (const page of [admin, keeper, holder]) await leave(page);
});

test("a third visit from next year on, and an activity that ends, are written on pages and rehearsed", async () => {
  before = await clocks();
  const page = await as("sheng");
  await page.goto("/programme/change");
  await page.getByLabel("哪一项").selectOption("obligation:principal-visit");
  await page.getByLabel("至少多少").fill("3");
  await page.getByLabel("依据").fill("示例：省办通知");
  await press(page, "演算看看");
  await page.locator(".errors").waitFor();
  assert.match(await main(page).innerText(), /还写着旧数/, "the words of before say two");
  await page.getByLabel(/变更后的说明/).fill("每所协作院校的校长（院长）或党委书记，每个自然年到每所结对县级院校至少三次。");
  await press(page, "演算看看");
  await page.waitForURL(/\/programme\/[0-9a-f]{32}$/);
  await page.goto("/programme/retire");
  await page.getByLabel("停用哪一类").selectOption("activity:holiday-service");
  await press(page, "演算看看");
  await page.waitForURL(/\/programme\/[0-9a-f]{32}$/);
  version = new URL(page.url()).pathname;
  for (let tries = 0; tries < 60 && (await page.getByText("正在演算").count()); tries += 1) {
    await page.waitForTimeout(500);
    await page.goto(version);
  }
  const told = await main(page).innerText();
  assert.match(told, /自2027-01-01起至少3次/);
  assert.match(told, /自 2027-01-01 起停用/);
  assert.match(told, /没有单位的状态和指标随之变化/, "what is over, and this year, stay");
  assert.equal(await page.getByRole("button", { name: "启用这一版" }).count(), 0, "one prepares, another releases");
  assert.match(told, /由审核启用/);
  await leave(page);
});

test("the reviewer puts it in use; this year's clocks stay, next year's asks for three", async () => {
  const page = await as("shenhe");
  const task = main(page).locator(".task", { hasText: "方案变更待启用" });
  await task.getByRole("link", { name: "去看" }).click();
  await page.getByRole("button", { name: "启用这一版" }).click();
  await sure(page);
  await page.waitForLoadState();
  assert.match(await flash(page), /已启用/);
  await leave(page);
  const lead = await as("qiantou");
  // Servers follow within seconds.
  await lead.waitForTimeout(2500);
  await lead.goto("/clocks");
  await main(lead).locator("td[data-label='要求'] a").first().click();
  assert.match(await main(lead).innerText(), /自2027-01-01起至少3次（示例：省办通知）/);
  assert.match(await title(lead), /主要负责同志年度调研/);
  await leave(lead);
  assert.deepEqual(await clocks(), before, "nothing of this year was written anew");
});

/** Fills in and presses what publishes the scenario at an address. */
async function publish(page, address) {
  await page.goto(`${address}/publish`);
  await main(page).getByLabel("新结对从哪一天开始").fill("2027-01-01");
  await main(page).getByLabel("理由").fill("示例：领导小组已经议定");
  await press(page, "公布方案");
  await sure(page);
  await page.waitForLoadState();
  assert.match(await flash(page), /已公布/);
}

test("a list of pairings is published by the reviewer, taken back, and published again as another", async () => {
  const [office, reviewer] = [await as("sheng"), await as("shenhe")];
  await office.goto("/matching");
  await main(office).getByRole("link", { name: "年度复核（示例）" }).first().click();
  await office.waitForLoadState();
  const first = new URL(office.url()).pathname;
  assert.equal(await main(office).locator(`a[href="${first}/publish"]`).count(), 0, "one prepares, another publishes");
  await publish(reviewer, first);
  await reviewer.goto(`${first}/take-back`);
  assert.match(await main(reviewer).innerText(), /当作没有开始的结对/);
  await main(reviewer).getByLabel("撤销的原因").fill("示例：名单有误");
  await press(reviewer, "撤销公布");
  await sure(reviewer);
  await reviewer.waitForLoadState();
  assert.match(await flash(reviewer), /原来的结对照旧执行/);
  await office.goto("/matching/new");
  await main(office).getByLabel("方案名称").fill("年度复核更正（示例）");
  await main(office).getByLabel("以哪个方案为底").selectOption({ label: "年度复核（示例）" });
  await press(office, "新建并计算");
  await office.waitForURL(/\/matching\/[0-9a-f]{32}$/);
  const second = new URL(office.url()).pathname;
  assert.notEqual(second, first, "what was published is never changed");
  await publish(reviewer, second);
  await office.goto("/matching/results");
  assert.match(await main(office).innerText(), /结对/);
  for (const page of [office, reviewer]) await leave(page);
});

test("what was decided before is made again by what runs now", async () => {
  const page = await as("sheng");
  await page.goto("/programme");
  await main(page).getByRole("link", { name: "复算已作的决定" }).click();
  await press(page, "现在复算");
  for (let tries = 0; tries < 120; tries += 1) {
    await page.goto("/programme/recheck");
    if (await main(page).getByText("上次复算").count()) break;
    await page.waitForTimeout(500);
  }
  const told = await main(page).innerText();
  assert.match(told, /接收的月调度/);
  assert.match(told, /没有与当时不同的决定/, "the code is the one that took them");
  await leave(page);
});

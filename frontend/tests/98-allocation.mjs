// 倾斜分配: tried before anybody sees it, published by whoever releases, checked and objected to by a school.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";
import { onDesk } from "./support/desk.mjs";
import { papers } from "./support/papers.mjs";

const TITLE = "省级师资培训第三期（示例）";
const TOTAL = 160;

let allocation;

const section = (page, heading) => main(page).locator("section", { has: page.getByRole("heading", { name: heading, exact: true }) });
const column = (table, label) =>
  table.locator(`tbody td[data-label="${label}"] .figure`).evaluateAll((all) => all.map((one) => Number(one.dataset.raw)));
const sum = (list) => list.reduce((all, one) => all + one, 0);

async function tryIt(page, total) {
  await page.goto("/allocations/new");
  await main(page).getByLabel("分什么").selectOption({ label: "师资培训名额（人次）" });
  await main(page).getByLabel("一共多少").fill(String(total));
  await press(page, "试算");
}

test("a total is tried: what each gets with and without preference, and why; nothing is written", async () => {
  const office = await as("sheng");
  await tryIt(office, 3);
  assert.match(await main(office).locator("#errors").innerText(), /总数不够：每所保底/);
  await tryIt(office, TOTAL);
  const table = section(office, "试算结果").locator("table");
  const [given, without] = [await column(table, "分得"), await column(table, "不倾斜时")];
  assert.deepEqual([sum(given), sum(without)], [TOTAL, TOTAL]);
  assert.notDeepEqual(given, without, "the preference moves something");
  assert.match(await section(office, "试算结果").innerText(), /和不倾斜相比：\d+ 所多得/);
  assert.match(await table.locator('td[data-label="为什么"]').first().innerText(), /专任教师.*分得/);
  await main(office).getByLabel("哪一次").fill(TITLE);
  await press(office, "拟定，还不公布");
  assert.match(await flash(office), /已拟定/);
  allocation = new URL(office.url()).pathname;
  const school = await as("xianji");
  assert.equal((await school.request.get(allocation)).status(), 404, "a draft is the office's own");
  for (const page of [office, school]) await leave(page);
});

test("who releases publishes it; a school reads its share, checks it and objects", async () => {
  const office = await as("sheng");
  await office.goto(allocation);
  assert.equal(await main(office).getByRole("button", { name: "公布", exact: true }).count(), 0);
  assert.match(await main(office).innerText(), /由审核公布/);
  const reviewer = await as("shenhe");
  await reviewer.goto(allocation);
  await press(reviewer, "公布");
  await reviewer.locator("dialog.ask .button-primary").click();
  assert.match(await flash(reviewer), /公布/);

  const school = await as("xianji");
  await school.goto(allocation);
  const table = section(school, "谁分得多少").locator("table");
  assert.equal(sum(await column(table, "分得")), TOTAL, "everybody's share can be added up");
  assert.equal(await table.locator("tbody tr", { hasText: "本校" }).count(), 1);
  await press(school, "提出异议");
  assert.match(await main(school).locator("#errors").innerText(), /请填写哪里不对/);
  await main(school).getByLabel("哪里不对").fill("专任教师少算一人，请核对。（示例）");
  await press(school, "提出异议");
  assert.match(await flash(school), /提出/);
  await school.goto(`${allocation}/paper`);
  const paper = await papers(school);
  assert.ok(paper.text.includes(TITLE) && paper.text.includes("不倾斜时"));
  for (const page of [office, reviewer, school]) await leave(page);
});

test("the office answers from its desk, and the school reads the answer; nothing published was changed", async () => {
  const office = await as("sheng");
  await (await onDesk(office, `答复异议：${TITLE}`)).getByRole("link", { name: "去答复" }).click();
  await main(office).getByLabel("不认可").check();
  await main(office).getByLabel("答复", { exact: true }).fill("名额按已接收的年度基本情况分。（示例）");
  await press(office, "答复");
  assert.match(await flash(office), /已答复/);
  const school = await as("xianji");
  await school.goto(allocation);
  assert.match(await section(school, "异议").innerText(), /未认可[\s\S]*按已接收的年度基本情况/);
  assert.equal(await main(school).getByRole("button", { name: "提出异议" }).count(), 0, "once");
  assert.equal(sum(await column(section(school, "谁分得多少").locator("table"), "分得")), TOTAL);
  for (const page of [office, school]) await leave(page);
});

test("how many places are left stands beside the form that uses them; what was used opens where it was given", async () => {
  const school = await as("xianji");
  await school.goto("/entries/new/quota-training");
  const note = main(school).locator(".note", { hasText: "师资培训名额" });
  assert.match(await note.innerText(), /本年度分得 \d+ 人次，已登记 \d+ 人次，(还余|超出) \d+ 人次/);
  await note.getByRole("link", { name: "师资培训名额" }).click();
  assert.match(await main(school).locator("table").innerText(), new RegExp(TITLE.slice(0, 9)));
  await school.goto(allocation);
  const used = section(school, "用了多少").locator("tbody tr");
  assert.equal(await used.count(), 1, "its own and nobody else's");
  await used.locator('td[data-label="用了"] .figure').first().click();
  await school.waitForURL(/\/indicators\/quota-trained\?/);
  const office = await as("sheng");
  await office.goto(allocation);
  const all = section(office, "用了多少").locator("tbody tr");
  const over = await all.filter({ hasText: "超出" }).count();
  assert.ok(over < (await all.count()), "some have places left");
  for (const page of [school, office]) await leave(page);
});

test("places for the yearly commendation are used up by nominations, which open behind the number", async () => {
  const office = await as("sheng");
  await office.goto("/allocations?rule=honour-places");
  await main(office).locator("tbody a").first().click();
  const used = section(office, "用了多少").locator("tbody tr");
  assert.ok((await used.count()) > 1, "every city that was given places");
  await used.first().locator('td[data-label="用了"] .figure').first().click();
  await office.waitForURL(/\/commendations\?class=county-school&nominator=/);
  await leave(office);
});

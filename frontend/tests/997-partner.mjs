// 数据对接 with a program at the other end that answers late, fails, breaks off, sends garbage, sends twice and sends without end:
// nothing is half taken, what may pass is tried again by itself, and what goes or comes a second time changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { as, flash, leave, main, partner, press } from "./support/browser.mjs";

const OUT = "teaching-research";
const PUPILS = "school-system";
const TRAINED = "distance-training";
// Far more than is read of an answer and what lies in buffers on the way; a gigabyte is sent.
const ENOUGH = 100 * 1024 ** 2;
// The first wait before a job is tried again is fifteen seconds.
const AGAIN_MS = 60_000;
const LOOK_MS = 300;

/** The transfers of an exchange, by their addresses. */
async function runs(page, id) {
  await page.goto(`/exchanges/${id}`);
  return main(page).locator('td[data-label="日期"] a[href^="/exchange-runs/"]').evaluateAll((all) => all.map((a) => a.pathname));
}

/** The file of today: of what comes in, the file that is expected. */
const expected = async (page, id) => (await page.request.get(`/exchanges/${id}/file`)).text();

/** Has the table of the other side fetched; gives the address of the job. */
async function fetchFrom(page, id) {
  await page.goto(`/exchanges/${id}`);
  await press(page, "向对方取数");
  await page.waitForURL(/\/jobs\//);
  return page.url();
}

async function send(page) {
  await page.goto(`/exchanges/${OUT}`);
  await press(page, "送给对方");
  await page.locator("dialog.ask .button-primary").click();
  await page.waitForURL(/\/exchange-runs\//);
  return page.url();
}

/** Waits until the page of a job says this of it. */
async function says(page, job, state, words) {
  const facts = main(page).locator(".facts");
  const wanted = new RegExp(`状态[\\s\\S]*${state}[\\s\\S]*结果`);
  await page.goto(job);
  for (const until = Date.now() + AGAIN_MS; !wanted.test(await facts.innerText()); await page.goto(job)) {
    assert.ok(Date.now() < until, await facts.innerText());
    await pause(LOOK_MS);
  }
  assert.match(await facts.innerText(), words);
}

/** While others wait: a failure is tried again until somebody stops it, garbage is refused, a table is taken, and taken once. */
async function comesOnce(office) {
  await partner().tell(TRAINED, { answers: ["fails", "garbage", "table"], table: await expected(office, TRAINED) });
  const before = await runs(office, TRAINED);
  await says(office, await fetchFrom(office, TRAINED), "排队中", /暂时不能处理/);
  await press(office, "取消任务");
  assert.match(await flash(office), /取消/);
  await says(office, await fetchFrom(office, TRAINED), "未完成", /一行也没有收下[\s\S]*不是约定格式的文件/);
  assert.deepEqual(await runs(office, TRAINED), before, "nothing is half taken");
  await says(office, await fetchFrom(office, TRAINED), "已完成", /已收下/);
  const after = await runs(office, TRAINED);
  assert.equal(after.length, before.length + 1);
  await says(office, await fetchFrom(office, TRAINED), "已完成", /与上次收下的相同，没有再写/);
  assert.deepEqual(await runs(office, TRAINED), after);
}

/** What went was lost on the way back, and went again: the other side has each row once, and says which it refused. */
async function wentOnce(office, run, rows) {
  await office.goto(run);
  assert.match(await main(office).locator(".entry-sum").innerText(), /已完成/);
  const refused = main(office).locator("tbody tr", { hasText: "对方没有这所学校" });
  assert.equal((await refused.locator('td[data-label="在哪一边"]').innerText()).trim(), "对方");
  assert.equal(await send(office), run);
  assert.match(await flash(office), /没有再送/);
  const { asked, taken } = await partner().tell(OUT);
  assert.equal(asked.length, 2, "and what is the same is not sent a third time");
  assert.deepEqual(asked[0], asked[1], "the same batch under the same key");
  assert.deepEqual(taken, { [asked[0].key]: rows - 1 });
}

test("whatever the other side does, it is tried again by itself, nothing is half taken and nothing twice", async () => {
  const office = await as("sheng");
  const rows = JSON.parse(await expected(office, OUT)).length;
  await partner().tell(OUT, { answers: ["resets", "late"] });
  await partner().tell(PUPILS, { answers: ["endless", "twice"], table: await expected(office, PUPILS) });
  const before = await runs(office, PUPILS);

  const run = await send(office);
  const pupils = await fetchFrom(office, PUPILS);
  await office.goto("/jobs");
  const sending = await main(office).getByRole("link", { name: /^送出对接数据：/ }).first().evaluate((a) => a.href);
  await says(office, sending, "排队中", /没有按时答完。可以再试；同一批数据对方只会收一次/);
  await says(office, pupils, "排队中", /太长或中途断开，没有收下/);
  assert.ok((await partner().tell(PUPILS)).poured < ENOUGH, "no more is read than a table may have");
  await comesOnce(office);

  await says(office, sending, "已完成", new RegExp(`对方收下 ${rows - 1} 行`));
  await says(office, pupils, "未完成", /一行也没有收下[\s\S]*同一所学校在前面已经出现过/);
  assert.deepEqual(await runs(office, PUPILS), before, "nothing is half taken");
  await wentOnce(office, run, rows);
  await leave(office);
});

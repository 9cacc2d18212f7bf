// 消息: what others did is told by the bell, read, switched off; and who waits may urge once, with a line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press } from "./support/browser.mjs";
import { HELPERS, HOME } from "./support/clocks.mjs";
import { confirm, make } from "./support/forms.mjs";
import { accessible, fits } from "./support/looks.mjs";

const LINE = "月底前请确认，好进这个月的调度（示例）";
const ANSWERED = "对方答复";

/** How many unread the bell says on the page that is open. */
async function bell(page) {
  const words = await page.locator('header a[href="/notices"]').innerText();
  return Number(/\d+/.exec(words)?.[0] ?? 0);
}

/** A training that the helper enters and the school has yet to answer. */
const enter = (helper, day) => make(helper, "/entries/new/teacher-training", "登记培训", {
  对口县级院校: HOME, 开始日期: day, 结束日期: day, 到训人次: "11",
});

const lineOf = (page, thing) => main(page).locator(`tbody tr[data-about="${thing}"]`);

/** Whether this kind is listed for the account. */
async function choose(page, kind, listed) {
  await page.goto("/my/notices");
  const box = main(page).locator("tr", { hasText: kind }).getByLabel("列出");
  await box.setChecked(listed);
  await press(page, "保存");
  assert.match(await flash(page), /已按您的选择/);
  assert.equal(await main(page).locator("tr", { hasText: kind }).getByLabel("列出").isChecked(), listed);
}

test("an answer rings the bell; opening it leads to what was answered, and it is read", async () => {
  const [helper, school] = [await as("qiantou"), await as("xianji")];
  await helper.goto("/notices");
  const all = main(helper).getByRole("button", { name: "全部标为已读" });
  if (await all.count()) await all.click();
  assert.equal(await bell(helper), 0);
  const [one, two] = [await enter(helper, "2026-11-03"), await enter(helper, "2026-11-04")];
  assert.equal(await bell(helper), 0, "what one does oneself is not told");
  for (const thing of [one, two]) await confirm(school, thing);
  await helper.goto("/");
  assert.equal(await bell(helper), 2);
  await helper.goto("/notices?state=unread");
  assert.equal(await main(helper).locator("tbody tr").count(), 2);
  assert.match(await lineOf(helper, one).innerText(), new RegExp(`${HOME}确认了师资培训[\\s\\S]*未读`));
  await lineOf(helper, one).getByRole("button", { name: "打开" }).click();
  assert.equal(new URL(helper.url()).pathname, one);
  assert.equal(await bell(helper), 1);
  await helper.goto("/notices?state=read");
  assert.equal(await lineOf(helper, one).count(), 1);
  await helper.goto(`/notices?state=unread&kind=answered`);
  assert.equal(await main(helper).locator("tbody tr").count(), 1);
  await press(helper, "全部标为已读");
  assert.match(await flash(helper), /已全部标为已读/);
  assert.equal(await bell(helper), 0);
  // Nobody reads the notices of another: the address is worth nothing to the school.
  await school.goto("/notices");
  assert.equal(await main(school).locator("tbody tr", { hasText: `${HOME}确认了` }).count(), 0);
  for (const page of [helper, school]) await leave(page);
});

test("a kind that is switched off does not ring and is not listed; what comes back cannot be switched off", async () => {
  const [helper, school] = [await as("qiantou", { at: "phone" }), await as("xianji")];
  await helper.goto("/my/notices");
  await fits(helper, "the settings on a phone");
  await accessible(helper, "the settings on a phone");
  for (const kind of ["退回", "账号与系统"]) {
    const row = main(helper).locator("tr").filter({ has: helper.locator(`td:text-is("${kind}")`) });
    assert.match(await row.innerText(), /总会列出/);
    assert.equal(await row.getByLabel("列出").count(), 0, kind);
  }
  await choose(helper, ANSWERED, false);
  const thing = await enter(helper, "2026-11-05");
  await confirm(school, thing);
  await helper.goto("/notices");
  assert.equal(await bell(helper), 0);
  assert.equal(await main(helper).locator("tbody tr", { hasText: "确认了师资培训" }).count(), 0);
  await choose(helper, ANSWERED, true);
  await helper.goto("/notices");
  assert.ok((await main(helper).locator("tbody tr", { hasText: "确认了师资培训" }).count()) > 0, "and is there when wanted");
  for (const page of [helper, school]) await leave(page);
});

test("who waits urges with a line; the second time is refused with the day from which it may be", async () => {
  const [helper, school] = [await as("qiantou"), await as("xianji")];
  const thing = await enter(helper, "2026-11-06");
  await helper.goto(thing);
  const urge = (page) => main(page).locator('form[action^="/urge/"]').getByRole("button", { name: "催办" });
  const window = await as("qiantou");
  await window.goto(thing);
  await main(helper).getByLabel("捎一句话").fill(LINE);
  await urge(helper).click();
  assert.match(await flash(helper), /已催办/);
  assert.equal(await urge(helper).count(), 0);
  assert.match(await main(helper).innerText(), /2026年11月24日已经催办过[\s\S]*2026年12月1日起可以再次催办/);
  await urge(window).click();
  assert.match(await main(window).innerText(), /不久前已经催办过，2026-12-01 起可以再次催办/);
  await helper.goto(thing);
  assert.equal(await main(helper).locator(".timeline li", { hasText: "催办" }).count(), 1, "urged once");

  await school.goto("/");
  assert.ok((await main(school).innerText()).includes(LINE), "the line is on the desk");
  await school.goto("/notices?kind=urged&state=unread");
  const told = lineOf(school, thing);
  assert.ok((await told.innerText()).includes(`${HELPERS.qiantou}催办`) && (await told.innerText()).includes(LINE));
  await told.getByRole("button", { name: "打开" }).click();
  assert.equal(new URL(school.url()).pathname, thing);
  assert.equal(await urge(school).count(), 0, "whom it waits for has nobody to urge");
  await confirm(school, thing);
  await helper.goto(thing);
  assert.equal(await urge(helper).count(), 0, "nothing waits any more");
  await school.goto("/");
  assert.equal((await main(school).innerText()).includes(LINE), false);
  for (const page of [helper, school, window]) await leave(page);
});

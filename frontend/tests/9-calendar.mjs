// 日程: a helper announces a training, the school asks for another day, and on the day one press makes the entry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title } from "./support/browser.mjs";
import { HOME } from "./support/clocks.mjs";
import { accessible, fits } from "./support/looks.mjs";
import { TODAY } from "./support/server.mjs";

/** A day counted from that of the demonstration. */
const day = (offset) => new Date(Date.parse(TODAY) + offset * 86_400_000).toISOString().slice(0, 10);

/** The page as a reader has it: nothing in axe's way, no sideways scrolling. */
async function good(page, where) {
  await fits(page, where);
  await accessible(page, where);
}

test("a training is announced on a phone, moved by the school, and entered with one press", async () => {
  const helper = await as("peihe", { at: "phone" });
  await helper.goto("/calendar");
  await good(helper, "the month on a phone");
  await main(helper).getByRole("link", { name: "预告日程" }).click();
  await good(helper, "what can be announced");
  await main(helper).getByRole("link", { name: "师资培训", exact: true }).click();
  const school = main(helper).getByLabel(/对口县级院校/);
  if (await school.count()) await school.selectOption({ label: HOME });
  await main(helper).getByLabel(/开始日期/).fill(day(3));
  await main(helper).getByLabel(/结束日期/).fill(day(3));
  await main(helper).getByLabel("谁来").fill("培训处三人");
  await main(helper).getByLabel(/预计/).fill("30");
  await good(helper, "the form on a phone");
  await press(helper, "预告");
  assert.match(await flash(helper), /已预告/);
  await good(helper, "an announcement on a phone");
  const page = new URL(helper.url()).pathname;

  const host = await as("xianji");
  await host.goto(page);
  await main(host).getByText("建议改期").first().click();
  await main(host).getByLabel(/改到哪天/).fill(day(0));
  await main(host).getByLabel(/到哪天为止/).fill(day(0));
  await main(host).getByLabel(/原因/).fill("那天考试，今天正好有空。");
  await good(host, "asking for another day");
  await press(host, "建议改期");
  assert.match(await flash(host), /希望改期/);

  await helper.goto(page);
  await press(helper, "同意改期");
  assert.match(await flash(helper), /改期/);
  await press(helper, "已如期开展，登记工作");
  assert.match(await flash(helper), /已登记/);
  assert.match(new URL(helper.url()).pathname, /^\/entries\//);
  await host.goto(`/calendar?view=week&day=${day(0)}`);
  assert.match(await title(host), /日程/);
  await good(host, "the week");
  for (const one of [helper, host]) await leave(one);
});

test("a calendar program is given an address", async () => {
  const page = await as("xianji");
  await page.goto("/calendar/address");
  await press(page, "生成订阅地址");
  const link = main(page).getByRole("link", { name: "日历订阅地址" });
  const feed = await page.request.get(await link.getAttribute("href"));
  assert.match(await feed.text(), /^BEGIN:VCALENDAR\r\n[\s\S]*BEGIN:VEVENT/);
  await good(page, "the address");
  await leave(page);
});

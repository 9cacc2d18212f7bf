// 大屏: a link is made once; a screen shows the overview with nobody signed in, refreshes itself, and marks what is old.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, leave, main, press, title, visit } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

const wake = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

test("a screen shows the overview by its link, and says where it is old", async () => {
  const office = await as("sheng");
  await office.goto("/overview");
  await main(office).getByRole("link", { name: "大屏" }).click();
  await main(office).getByLabel("用在哪里").fill("会议室（示例）");
  await press(office, "生成链接");
  await accessible(office, "office");
  const href = await main(office).getByRole("link", { name: "打开大屏" }).getAttribute("href");
  const screen = await visit({ at: "wide" });
  await screen.goto(href);
  assert.equal(await screen.locator(".menu-group").count(), 0, "nobody is signed in");
  assert.equal(await main(screen).locator("a").count(), 0, "nothing to press");
  await accessible(screen, "wide");
  await fits(screen, "wide");
  const late = () => main(screen).evaluate((one) => getComputedStyle(one).getPropertyValue("--late").trim());
  const dark = await late();
  await screen.emulateMedia({ media: "print" });
  assert.notEqual(await late(), dark, "on paper the colours are those of paper");
  await screen.emulateMedia({ media: null });
  const old = main(screen).getByText("没有连上系统");
  assert.equal(await old.isVisible(), false);
  await screen.route("**/wall/*", (route) => route.abort("aborted"));
  await wake(screen);
  await old.waitFor();
  await screen.unroute("**/wall/*");
  await wake(screen);
  await old.waitFor({ state: "hidden" });
  await leave(screen);
  const plain = await visit({ at: "wide", script: false });
  await plain.goto(href);
  assert.equal(await plain.locator("meta[http-equiv=refresh]").count(), 1, "without script it is loaded again");
  await leave(plain);
  const wrong = await visit();
  await wrong.goto(`/wall/${"0".repeat(64)}`);
  assert.equal(await title(wrong), "大屏已关闭");
  await leave(wrong);
  await leave(office);
});

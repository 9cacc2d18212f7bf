// Signing in by a provider of identities outside: linked by the holder, refused to everybody else, and of no use once the account
// is disabled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, provider, title, visit } from "./support/browser.mjs";
import { newcomer } from "./support/holders.mjs";
import { accessible, fits } from "./support/looks.mjs";

const OWN = "Wo-de-kouling-7";
const WAY = "用身份平台登录（示例）";
const ANSWERED = "**/signin/outside/confirm?**";

/** To the provider and back, up to the button. */
async function comes(page) {
  await page.goto("/signin");
  await main(page).getByRole("link", { name: WAY }).click();
  await page.waitForURL(ANSWERED);
}

async function refused(page) {
  await press(page, "登录");
  assert.match(await flash(page), /没有登录成功/);
  assert.equal(new URL(page.url()).pathname, "/signin");
}

test("an account outside opens the account whose holder linked it, and no other", async () => {
  provider().holder = "zhang.san";
  const stranger = await visit();
  await comes(stranger);
  await fits(stranger, "the answer of the provider");
  await accessible(stranger, "the answer of the provider");
  await refused(stranger);
  await leave(stranger);

  const page = await newcomer("兴宁市人力资源和社会保障局", "县局");
  await page.goto("/my");
  const login = await main(page).locator("dl code.id").first().innerText();
  await main(page).getByRole("link", { name: "没有关联，关联身份平台的账号" }).click();
  assert.equal(await title(page), "外部登录");
  await main(page).getByRole("link", { name: "去关联" }).click();
  await page.waitForURL(ANSWERED);
  await main(page).getByLabel("现在的密码").fill("Bie-ren-de-7");
  await press(page, "关联");
  assert.match(await flash(page), /密码不对/);
  await main(page).getByLabel("现在的密码").fill(OWN);
  await press(page, "关联");
  assert.match(await flash(page), /已关联/);
  await fits(page, "what is linked");
  await accessible(page, "what is linked");
  assert.match(await main(page).innerText(), /zhang\.san/);
  await page.getByRole("button", { name: "退出", exact: true }).first().click();
  await page.waitForURL("**/signin");

  await comes(page);
  await press(page, "登录");
  assert.equal(await title(page), "我的工作台");
  await leave(page);

  // What the provider says for another browser is not believed in this one.
  const other = await visit();
  const begun = await other.request.get("/signin/outside", { maxRedirects: 0 });
  const way = new URL(begun.headers().location);
  way.searchParams.set("nonce", "0".repeat(64));
  await other.goto(way.href);
  await other.waitForURL(ANSWERED);
  await refused(other);

  const admin = await as("xitong");
  await admin.goto(`/accounts?q=${login}`);
  await main(admin).getByRole("link", { name: login, exact: true }).click();
  await press(admin, "停用账号");
  await admin.locator("dialog.ask .button-primary").click();
  await main(admin).getByRole("button", { name: "恢复账号" }).waitFor();
  await leave(admin);
  await comes(other);
  await refused(other);
  await leave(other);
});

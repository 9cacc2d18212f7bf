// Accounts take two: one administrator asks, another decides, and the holder alone sets the password.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, signInByHand, title, visit } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

const OWN = "Wo-de-kouling-7";
const press = (page, name) => main(page).getByRole("button", { name, exact: true }).first().click();

async function good(page, where) {
  await fits(page, where);
  await accessible(page, where);
}

async function ask(page, login, name, role) {
  await page.goto("/accounts/new");
  await main(page).getByLabel("账号").fill(login);
  await main(page).getByLabel("姓名").fill(name);
  await main(page).getByLabel("单位全称").fill("技工院校协作领导小组办公室");
  await main(page).getByLabel("角色").selectOption({ label: role });
  await press(page, "提出申请");
  assert.match(await flash(page), /安全管理员批准后生效/);
}

/** Opens an account by its code, as somebody who holds the slip. */
async function open(code, login) {
  const page = await visit({ at: "phone" });
  await page.goto("/signin");
  await page.getByRole("link", { name: "输入开通码" }).click();
  await page.getByLabel("开通码").fill(code.toLowerCase().replaceAll("-", " "));
  await good(page, "where a code is typed");
  await page.getByRole("button", { name: "下一步" }).click();
  assert.match(await page.locator("main").innerText(), new RegExp(login));
  await good(page, "the page of a code");
  await page.getByLabel("新密码", { exact: true }).fill(OWN);
  await page.getByLabel("再输一遍新密码").fill(OWN);
  await page.getByRole("button", { name: "设好密码" }).click();
  assert.match(await flash(page), /密码已设好/);
  await page.goto(`/welcome/${code}`);
  assert.match(await page.locator("main").innerText(), /打不开/);
  await signInByHand(page, login, OWN);
  assert.equal(await title(page), "我的工作台");
  return page;
}

test("an account is asked for, approved, opened with a code, and its reset is told to its holder", async () => {
  const admin = await as("xitong");
  const keeper = await as("anquan");
  await ask(admin, "xinren", "新人（示例）", "省办");
  await good(admin, "requests of the system administrator");
  await keeper.goto("/");
  assert.match(await main(keeper).innerText(), /账号申请等您批准/);
  await keeper.goto("/accounts/requests?state=waiting");
  await good(keeper, "requests that wait");
  await press(keeper, "批准");
  assert.equal(await title(keeper), "开通码");
  await good(keeper, "a slip");
  const code = await main(keeper).locator("dl code").nth(1).innerText();
  const holder = await open(code, "xinren");

  await admin.goto("/accounts?q=xinren");
  await main(admin).getByRole("link", { name: "xinren" }).click();
  await press(admin, "申请重置密码");
  await sure(admin);
  assert.match(await flash(admin), /已申请重置/);
  await keeper.goto("/accounts/requests?state=waiting");
  await press(keeper, "批准");
  assert.equal(await title(keeper), "开通码");
  await holder.goto("/");
  assert.match(await main(holder).innerText(), /您的密码被申请重置/);
  await main(holder).getByRole("link", { name: "去确认" }).click();
  await good(holder, "a reset at the holder's");
  await press(holder, "不是我要求的");
  await sure(holder);
  assert.match(await flash(holder), /已告诉安全管理员/);
  await keeper.goto("/");
  assert.match(await main(keeper).innerText(), /有人否认重置密码/);
  await keeper.goto("/accounts/requests");
  assert.match(await main(keeper).innerText(), /本人否认的重置/);
  for (const page of [admin, keeper, holder]) await leave(page);
});

/** Says yes where an act asks once more. */
const sure = (page) => page.locator("dialog.ask .button-primary").click();

test("a leader looks at everything and is asked for nothing", async () => {
  const page = await as("lingdao");
  // Nothing waits for one who only looks: the way in leads to the overview.
  await page.goto("/");
  assert.equal(new URL(page.url()).pathname, "/overview");
  await good(page, "a leader's overview");
  const text = await main(page).innerText();
  for (const heading of ["目标", "拟提请研究", "县级区划示意图", "逐月走势"]) assert.ok(text.includes(heading), heading);
  assert.equal(await main(page).getByRole("button", { name: "列入议程" }).count(), 0);
  assert.equal(await main(page).getByRole("link", { name: "登记工作" }).count(), 0);
  assert.equal((await page.request.get("/entries/new")).status(), 403);
  await leave(page);
});

// A further person at a unit: asked for by one administrator, approved by the other, opened with the slip.
import assert from "node:assert/strict";
import { as, flash, leave, main, press, signInByHand, title, visit } from "./browser.mjs";

const OWN = "Wo-de-kouling-7";
let count = 0;

/** A page of somebody new at this unit, at the desk. */
export async function newcomer(unit, role, options = {}) {
  count += 1;
  const login = `xinren${count}`;
  const [admin, keeper] = [await as("xitong"), await as("anquan")];
  await admin.goto("/accounts/new");
  await main(admin).getByLabel("账号", { exact: true }).fill(login);
  await main(admin).getByLabel("姓名").fill("新来的人（示例）");
  await main(admin).getByLabel("单位全称").fill(unit);
  await main(admin).getByLabel("角色").selectOption({ label: role });
  await press(admin, "提出申请");
  assert.match(await flash(admin), /安全管理员批准后生效/);
  await keeper.goto("/accounts/requests?state=waiting");
  const row = main(keeper).locator("tbody tr", { hasText: login });
  await row.getByRole("button", { name: "批准" }).click();
  assert.equal(await title(keeper), "开通码");
  const code = await main(keeper).locator("dl code").nth(1).innerText();
  for (const page of [admin, keeper]) await leave(page);

  const page = await visit(options);
  await page.goto(`/welcome/${code}`);
  await page.getByLabel("新密码", { exact: true }).fill(OWN);
  await page.getByLabel("再输一遍新密码").fill(OWN);
  await page.getByRole("button", { name: "设好密码" }).click();
  await signInByHand(page, login, OWN);
  await page.getByRole("heading", { level: 1, name: "我的工作台" }).waitFor();
  return page;
}

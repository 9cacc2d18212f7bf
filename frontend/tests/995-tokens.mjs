// A program reads by a token of somebody's: made on a page, shown once, and good for what its holder sees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, leave, main, press, title } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

test("a token is made, read by, and shown once; the reference says what can be read", async () => {
  const page = await as("qiantou");
  await page.goto("/my");
  await main(page).getByRole("link", { name: "让别的系统按您的权限读取，写明可以写入的也能登记和答复" }).click();
  assert.equal(await title(page), "我的接口密钥");
  await main(page).getByLabel("用途").fill("示例：统计系统");
  await press(page, "新建接口密钥");
  await fits(page, "a new token");
  await accessible(page, "a new token");
  const token = await main(page).locator("#made code.id").innerText();
  const read = (path, headers) => page.request.get(new URL(path, page.url()).href, { headers });
  const list = await read("/api/v1/pairings?limit=1", { authorization: `Bearer ${token}` });
  assert.equal(list.status(), 200);
  const { items } = await list.json();
  assert.equal(items.length, 1);
  const refused = await read("/api/v1/pairings", {});
  assert.equal(refused.status(), 401, "the cookie of the browser does not count");
  assert.equal((await refused.json()).code, "no_token");
  await page.goto("/my/tokens");
  assert.ok(!(await main(page).innerText()).includes(token));
  await main(page).getByRole("link", { name: "接口说明" }).click();
  assert.equal(await title(page), "开放接口");
  await fits(page, "the reference");
  await accessible(page, "the reference");
  await leave(page);
});

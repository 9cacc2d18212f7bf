// The second step of signing in, tried with the code that a telephone would show; and the list of one's own sessions.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { flash, leave, main, press, signInByHand, title, visit } from "./support/browser.mjs";
import { newcomer } from "./support/holders.mjs";
import { accessible, fits } from "./support/looks.mjs";
import { TODAY } from "./support/server.mjs";

const OWN = "Wo-de-kouling-7";
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const DAY = 86_400_000;

/** The server's time: the machine's, moved by whole days of Asia/Shanghai. */
function serverTime() {
  const here = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  return Date.now() + Math.round((Date.parse(TODAY) - Date.parse(here)) / DAY) * DAY;
}

/** The code of a secret now, as RFC 6238 has it. */
function code(secret) {
  const bits = [...secret.replaceAll(" ", "")].map((sign) => SIGNS.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(serverTime() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("a second step is set up, asked for at sign-in, and a recovery code stands in for it", async () => {
  const page = await newcomer("兴宁市人力资源和社会保障局", "县局");
  const login = (await page.goto("/my"), await main(page).locator("dl code.id").first().innerText());
  await main(page).getByRole("link", { name: "没有启用，设置一下" }).click();
  assert.equal(await title(page), "两步验证");
  await press(page, "开始设置");
  await fits(page, "the square code");
  await accessible(page, "the square code");
  assert.ok(await main(page).locator("img").evaluate((img) => img.complete && img.naturalWidth > 0), "the code is drawn");
  const secret = await main(page).locator("code.id").first().innerText();
  await main(page).getByLabel("动态验证码").fill("12345");
  await press(page, "启用");
  assert.match(await flash(page), /动态验证码不对/);
  await main(page).getByLabel("动态验证码").fill(code(secret));
  await press(page, "启用");
  const codes = await main(page).locator("#codes code.id").allInnerTexts();
  assert.equal(codes.length, 10);
  await accessible(page, "recovery codes");

  const other = await visit({ at: "phone" });
  await signInByHand(other, login, OWN);
  assert.equal(await title(other), "两步验证");
  await fits(other, "the second step");
  await accessible(other, "the second step");
  await other.getByLabel("动态验证码").fill("000000x");
  await other.getByRole("button", { name: "登录" }).click();
  assert.match(await flash(other), /账号或密码不对/);
  await other.getByLabel("动态验证码").fill(codes[0].toLowerCase());
  await other.getByRole("button", { name: "登录" }).click();
  assert.equal(await title(other), "我的工作台");

  await page.goto("/my/sessions");
  await fits(page, "one's sessions");
  await accessible(page, "one's sessions");
  assert.equal(await main(page).locator("tbody tr").count(), 2);
  assert.match(await main(page).locator("tbody tr", { hasText: "就是这里" }).innerText(), /Chrome/);
  await press(page, "结束");
  assert.match(await flash(page), /已结束/);
  await other.goto("/entries");
  assert.match(await flash(other), /由您本人结束/);
  for (const one of [page, other]) await leave(one);
});

// A long text outlives a lost session: kept on the server while one types, back on another machine, gone once it is sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main } from "./support/browser.mjs";

const form = "/needs/new";
const note = (page) => main(page).locator(".draft-sent");

/** Waits for the draft that is sent next. */
const kept = (page) => page.waitForRequest((request) => request.url().includes("/drafts/need-new"));

test("what was typed is kept after a moment, and taken up elsewhere", async () => {
  const page = await as("xianji");
  let sent = 0;
  page.on("request", (request) => { sent += Number(request.url().includes("/drafts/")); });
  await page.goto(form);
  await page.waitForTimeout(2000);
  assert.equal(sent, 0, "nothing is sent before anything was typed");
  const going = kept(page);
  await page.getByLabel("需要什么").fill("两名焊接教师跟岗");
  await going;
  await note(page).getByText(/^已存草稿 \d\d:\d\d$/).waitFor();
  assert.equal(sent, 1);

  const elsewhere = await as("xianji");
  await elsewhere.goto(form);
  assert.equal(await elsewhere.getByLabel("需要什么").inputValue(), "两名焊接教师跟岗");
  assert.match(await main(elsewhere).locator(".draft-kept").innerText(), /没有提交的内容/);
  await leave(elsewhere);
  await leave(page);
});

test("leaving the page keeps the last words at once", async () => {
  const page = await as("xianji");
  await page.goto(form);
  await page.getByLabel("补充说明").fill("最好在下学期");
  await page.goto("/needs");
  await page.waitForTimeout(500);
  await page.goto(form);
  assert.equal(await page.getByLabel("补充说明").inputValue(), "最好在下学期");
  await leave(page);
});

test("what is sent does not come back as a draft", async () => {
  const page = await as("xianji");
  await page.goto(form);
  await page.getByLabel("对应任务").selectOption("T4.4");
  await page.getByLabel("补充说明").fill("最好在下学期，两人一起去");
  await main(page).getByRole("button", { name: "提出需求" }).click();
  assert.match(await flash(page), /已提出/);
  await page.waitForTimeout(300);
  await page.goto(form);
  assert.equal(await main(page).locator(".draft-kept").count(), 0);
  assert.equal(await page.getByLabel("需要什么").inputValue(), "");
  await leave(page);
});

test("a session lost while one types: the form is told so, and signing in leads back to it", async () => {
  const page = await as("xianji");
  await page.goto(form);
  await page.context().clearCookies();
  await page.getByLabel("需要什么").fill("三名电工教师");
  await note(page).getByText(/登录已过期/).waitFor();
  await main(page).getByRole("button", { name: "提出需求" }).click();
  await page.getByLabel("密码").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("next"), form);
  // The refused draft is what this test is about.
  page.complaints = page.complaints.filter((text) => !text.includes("401"));
  await leave(page);
});

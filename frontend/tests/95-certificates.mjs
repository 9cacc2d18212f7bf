// 协作经历证明: given for a teacher, printed, asked about by a stranger with nothing but the paper, and taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, press, title, visit } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";
import { papers } from "./support/papers.mjs";

const SCHOOL = "广东省百工技师学院（示例）";
const REASON = "起止日期选错了，另出一份（示例）";

let person;
let works;
const given = {};

const fact = (page, name) => main(page).locator(`dt:text-is("${name}") + dd`).innerText();
const text = (page) => page.locator("body").innerText();
const sure = (page) => page.locator("dialog.ask .button-primary").click();

/** Gives one of this person for the year, on which a stranger may read what is named. */
async function give(page, shows) {
  await page.goto("/certificates/new");
  await main(page).getByLabel("给谁出具").selectOption({ label: person });
  await press(page, "查看可证明的工作");
  for (const label of shows) await main(page).getByLabel(label, { exact: true }).check();
  await press(page, "出具证明");
  assert.match(await flash(page), /已出具/);
  const code = await fact(page, "核验码");
  assert.match(code, /^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
  return { path: new URL(page.url()).pathname, code, number: await fact(page, "编号") };
}

/** Somebody with the paper in hand, who types its code as it comes. */
async function ask(code) {
  const stranger = await visit({ at: "phone" });
  await stranger.goto("/signin");
  await stranger.getByRole("link", { name: "输入核验码" }).click();
  await stranger.getByLabel("核验码").fill(code);
  await press(stranger, "核验");
  return stranger;
}

test("nothing is typed: the school chooses who and when, sees what will be said, and gives it", async () => {
  const school = await as("qiantou");
  await school.goto("/certificates/new");
  const people = await main(school).getByLabel("给谁出具").locator("option").allInnerTexts();
  for (const name of people) {
    await school.goto("/certificates/new");
    await main(school).getByLabel("给谁出具").selectOption({ label: name });
    await press(school, "查看可证明的工作");
    works = await main(school).locator("tbody tr").count();
    person = name;
    if (works > 0) break;
  }
  assert.ok(works > 0, "somebody worked elsewhere this year");
  await main(school).getByLabel("从哪天").fill("2026-11-24");
  await main(school).getByLabel("到哪天").fill("2026-01-01");
  await press(school, "查看可证明的工作");
  assert.match(await main(school).locator("#errors").innerText(), /不能早于/);
  assert.equal(await main(school).getByRole("button", { name: "出具证明" }).count(), 0);

  Object.assign(given, await give(school, ["姓名"]));
  assert.equal(await main(school).locator("tbody tr").count(), works);
  await school.goto("/certificates");
  assert.match(await main(school).locator("tbody tr", { hasText: given.number }).innerText(), /有效/);
  // Whom it is not about does not see it, and does not print it.
  for (const login of ["peihe", "xianji"]) {
    const other = await as(login);
    assert.equal((await other.goto(given.path)).status(), 404, login);
    assert.equal((await other.request.get(`${given.path}/paper/pdf`)).status(), 404, login);
    await leave(other);
  }
  await leave(school);
});

test("the paper carries name, number, code and every row, as a page, in Word and as a PDF", async () => {
  const school = await as("qiantou");
  await school.goto(given.path);
  await main(school).getByRole("link", { name: "打印稿" }).click();
  const rows = await main(school).locator("tbody tr").allInnerTexts();
  assert.equal(rows.filter((row) => row.includes("确认") || row.includes("2026年")).length, works);
  const said = [person, SCHOOL, given.number, given.code];
  for (const words of said) assert.ok((await main(school).innerText()).includes(words), words);
  const paper = await papers(school);
  for (const words of said) assert.ok(paper.text.includes(words), `the paper says ${words}`);
  await leave(school);
});

test("a stranger learns what the teacher agreed to, and no more", async () => {
  const wrong = await ask("AAAA BBBB CCCC DDDD EEEE");
  assert.match(await main(wrong).innerText(), /没有这个核验码/);
  await accessible(wrong, "a code that is none");
  await leave(wrong);

  const stranger = await ask(given.code.toLowerCase().replaceAll("-", " "));
  assert.equal(await main(stranger).locator(".state").first().innerText(), "有效");
  assert.equal(await fact(stranger, "编号"), given.number);
  assert.equal(await fact(stranger, "出具单位"), SCHOOL);
  assert.equal(await fact(stranger, "姓名"), person);
  assert.equal(await main(stranger).locator("table").count(), 0, "schools and days were not agreed to");
  assert.match(await text(stranger), /没有同意公开/);
  assert.equal(await stranger.locator('a[href^="/entries"], a[href^="/registry"]').count(), 0);
  await fits(stranger, "a genuine paper");
  await accessible(stranger, "a genuine paper");

  const school = await as("qiantou");
  const work = await give(school, ["协作的学校、事项和日期"]);
  assert.notEqual(work.number, given.number);
  const other = await ask(work.code);
  assert.equal(await main(other).locator("tbody tr").count(), works);
  assert.equal((await text(other)).includes(person), false, "the name was not agreed to");
  assert.equal(await main(other).locator("tbody a").count(), 0, "and nothing leads inside");
  await fits(other, "the work of somebody");
  for (const page of [stranger, school, other]) await leave(page);
});

test("taken back with a reason, it is told to whoever asks, and stays so", async () => {
  const school = await as("qiantou");
  await school.goto(given.path);
  await main(school).getByText("作废这份证明").click();
  await press(school, "作废");
  assert.match(await school.locator("dialog.ask").innerText(), /不能恢复/);
  await sure(school);
  assert.match(await main(school).locator("#errors").innerText(), /请写明为什么作废/);
  await main(school).getByLabel(/为什么|理由|原因/).fill(REASON);
  await press(school, "作废");
  await sure(school);
  assert.match(await flash(school), /已作废/);
  assert.equal(await main(school).getByText("作废这份证明").count(), 0);
  assert.ok((await main(school).innerText()).includes(REASON));

  const stranger = await ask(given.code);
  assert.equal(await main(stranger).locator(".state").first().innerText(), "已作废");
  assert.match(await main(stranger).innerText(), /请不要再使用/);
  assert.equal((await text(stranger)).includes(REASON), false, "why is the school's and the teacher's to know");
  assert.equal(await title(stranger), "核验协作经历证明");
  await school.goto("/certificates?state=withdrawn");
  assert.ok((await main(school).locator("tbody tr", { hasText: given.number }).count()) > 0);
  for (const page of [school, stranger]) await leave(page);
});

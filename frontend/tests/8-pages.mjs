// Every type of page: WCAG 2.2 AA, no sideways scrolling, nothing in the console, and a picture of it.
import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { SIZES, as, main, resize, visit } from "./support/browser.mjs";
import { HELPERS, HOME } from "./support/clocks.mjs";
import { accessible, fits } from "./support/looks.mjs";

const PICTURES = fileURLToPath(new URL("../screenshots/", import.meta.url));
const BOTH = ["office", "phone"];
const ALL = Object.keys(SIZES);

/** Goes where the first link of a list goes. */
const first = (list, selector = "tbody a") => async (page) => {
  await page.goto(list);
  await page.goto(await main(page).locator(selector).first().getAttribute("href"));
};
const at = (address) => (page) => page.goto(address);
const home = encodeURIComponent(HOME);
/** The sheet of what the first link of a list leads to. */
const sheet = (list) => async (page) => {
  await first(list)(page);
  await main(page).getByRole("link", { name: "一览" }).click();
};

async function wrongForm(page) {
  await page.goto("/entries/new/residency");
  await page.getByRole("button", { name: "登记常驻" }).click();
  await page.locator("#errors").waitFor();
}

/** Sends one row of schools; what is not given of it is empty. */
async function sendSchool(page, row) {
  await page.goto("/import");
  const text = await (await page.request.get("/import/template/schools.csv")).text();
  const columns = text.split(/\r?\n/)[0].split(",").length;
  const lines = [text.trim(), [...row, ...Array(columns - row.length).fill("")].join(",")];
  const buffer = Buffer.from(lines.join("\r\n"));
  await page.getByLabel("表格文件").setInputFiles({ name: "院校.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "检查并导入" }).click();
}

async function wrongFile(page) {
  await sendSchool(page, ["广东省梅州市五华县第二职业技工学校（示例）", "技工", "公办", "五华"]);
  await main(page).locator(".problems").waitFor();
}

async function preview(page) {
  await sendSchool(page, ["广东省梅州市五华县第二职业技工学校（示例）", "技工学校", "公办", "五华县", "", "县"]);
  await main(page).getByRole("button", { name: "确认写入" }).waitFor();
}

// Account, name of the picture, how to get there, sizes of the pictures, and whether axe looks at the phone too.
const PAGES = [
  [null, "signin", at("/signin"), BOTH, true],
  [null, "not-found", at("/nothing-here"), BOTH],
  ["sheng", "desk", at("/"), ALL, true],
  ["sheng", "overview", at("/overview"), ALL],
  ["sheng", "indicator", at("/indicators/visits?year=2026"), BOTH],
  ["sheng", "indicator-schools", at("/indicators/paired?year=2026"), ["office"]],
  ["sheng", "targets", at("/targets"), BOTH],
  ["sheng", "ladder-levels", at("/ladder/levels"), BOTH],
  ["sheng", "clocks", at("/clocks"), ALL, true],
  ["sheng", "clock", first("/clocks", "td[data-label='要求'] a"), BOTH, true],
  ["sheng", "registry", at("/registry"), BOTH, true],
  ["sheng", "registry-empty", at("/registry?q=没有这所学校"), BOTH],
  ["sheng", "school", first(`/registry?q=${home}`), BOTH, true],
  ["sheng", "school-edit", async (page) => {
    await first(`/registry?q=${home}`)(page);
    await page.getByRole("link", { name: "维护资料" }).click();
  }, BOTH],
  ["sheng", "pairings", at("/pairings"), BOTH],
  ["sheng", "matching", at("/matching"), BOTH],
  ["sheng", "matching-new", at("/matching/new"), BOTH],
  ["sheng", "matching-studio", first("/matching"), ALL, true],
  ["sheng", "matching-school", async (page) => {
    await first("/matching")(page);
    await page.goto(await main(page).locator("#pairs tbody a").first().getAttribute("href"));
  }, BOTH, true],
  ["sheng", "matching-partners", async (page) => {
    await first("/matching")(page);
    await page.getByRole("link", { name: "各院校的名额" }).click();
  }, BOTH],
  ["shenhe", "matching-publish", async (page) => {
    await first("/matching")(page);
    await page.getByRole("link", { name: "公布…" }).click();
  }, BOTH],
  ["sheng", "matching-compare", async (page) => {
    await first("/matching")(page);
    await page.getByRole("link", { name: "与现有结对比较" }).click();
  }, BOTH],
  ["sheng", "matching-wishes", at("/matching/wishes"), BOTH],
  ["xianji", "matching-result", first("/matching/results"), BOTH, true],
  ["xianji", "matching-check", at("/matching/check"), BOTH],
  ["sheng", "pairing", first(`/pairings?q=${home}`), BOTH],
  ["sheng", "pairing-glance", sheet(`/pairings?q=${home}`), ALL, true],
  ["sheng", "city-glance", sheet("/registry?kind=city_bureau&q=梅州"), ALL, true],
  ["sheng", "county-glance", sheet("/registry?kind=county_bureau&q=兴宁"), BOTH, true],
  ["qiantou", "helper-glance", sheet(`/registry?q=${encodeURIComponent(HELPERS.qiantou)}`), BOTH, true],
  ["sheng", "entries", at("/entries"), ALL, true],
  ["sheng", "clauses", at("/clauses"), BOTH],
  ["sheng", "clause", at("/clauses/S1.4"), BOTH],
  ["sheng", "clause-texts", at("/clauses/text"), BOTH],
  ["sheng", "imports", at("/imports"), BOTH],
  ["sheng", "import", at("/import"), BOTH],
  ["sheng", "import-problems", wrongFile, BOTH],
  ["sheng", "import-preview", preview, BOTH, true],
  ["shi", "desk", at("/"), BOTH],
  ["shi", "overview", at("/overview"), BOTH],
  // The one on the city's desk: what waited for the county was answered in the steps before.
  ["shi", "settle", first("/", ".task a"), BOTH],
  ["xian", "desk", at("/"), BOTH],
  ["qiantou", "desk", at("/"), BOTH, true],
  ["qiantou", "choose", at("/entries/new"), BOTH],
  ["qiantou", "form-visit", at("/entries/new/visit"), BOTH, true],
  ["qiantou", "form-residency", at("/entries/new/residency"), BOTH],
  ["qiantou", "form-training", at("/entries/new/teacher-training"), BOTH],
  ["qiantou", "form-wrong", wrongForm, BOTH, true],
  ["qiantou", "disputed", first("/", ".task a"), BOTH],
  ["qiantou", "correct", async (page) => {
    await first("/", ".task a")(page);
    await page.getByRole("link", { name: "更正", exact: true }).click();
  }, BOTH],
  ["qiantou", "people", async (page) => {
    await page.goto("/entries/new/visit");
    await page.getByRole("link", { name: /先登记任职/ }).click();
  }, BOTH],
  ["qiantou", "my", at("/my"), BOTH],
  ["xianji", "desk", at("/"), ALL, true],
  ["xianji", "desk-picked", at("/?select=all"), BOTH],
  ["xianji", "waiting", at("/entries?waiting=me"), BOTH],
  ["xianji", "entry", first("/", "td[data-label='事项'] a"), BOTH, true],
  ["xianji", "entry-open", async (page) => {
    await first("/", "td[data-label='事项'] a")(page);
    for (const more of await page.locator("details.more summary").all()) await more.click();
  }, BOTH, true],
  ["peihe", "desk", at("/"), ["phone"]],
  ["xitong", "desk", at("/"), BOTH],
  ["xitong", "components", at("/components"), BOTH, true],
  ["xitong", "accounts", at("/accounts"), BOTH, true],
  ["xitong", "account", first("/accounts"), BOTH],
  ["xitong", "account-new", at("/accounts/new"), BOTH],
  ["xitong", "account-import", at("/accounts/import"), BOTH],
  ["anquan", "desk", at("/"), BOTH],
  ["anquan", "requests", at("/accounts/requests"), BOTH],
  ["anquan", "access", at("/access"), BOTH],
  ["sheng", "programme", at("/programme"), BOTH],
  ["sheng", "programme-change", at("/programme/change"), BOTH],
  ["sheng", "programme-retire", at("/programme/retire"), BOTH],
  ["sheng", "programme-upload", at("/programme/upload"), BOTH],
  ["shenhe", "programme-version", first("/programme"), BOTH],
  ["shenhe", "desk", at("/"), BOTH],
  ["lingdao", "overview", at("/"), BOTH],
  ["shenji", "audit", at("/audit"), BOTH],
  ["shenji", "leaf", first("/audit", "td[data-label='动作'] a"), BOTH],
  ["shenji", "verify", at("/audit/verify"), BOTH],
];

before(async () => {
  await rm(PICTURES, { recursive: true, force: true });
  await mkdir(PICTURES, { recursive: true });
});

// One visit per account: the desk is not opened anew for every page.
let last = { login: undefined };
async function pageOf(login) {
  if (last.login !== login) {
    await last.page?.context().close();
    last = { login, page: login ? await as(login) : await visit() };
  }
  last.page.complaints.length = 0;
  await resize(last.page, "office");
  return last.page;
}
after(() => last.page?.context().close());

for (const [login, name, go, pictures, phoneToo] of PAGES) {
  test(`page ${login ?? "nobody"} ${name}`, async () => {
    const page = await pageOf(login);
    await go(page);
    assert.match(await page.title(), /- 结对通$/);
    for (const size of ALL) {
      await resize(page, size);
      await fits(page, size);
      if (size === "office" || (size === "phone" && phoneToo)) await accessible(page, size);
      if (pictures.includes(size)) {
        const file = path.join(PICTURES, `${login ?? "nobody"}-${name}-${SIZES[size][0]}.png`);
        await page.screenshot({ path: file, fullPage: true });
      }
    }
    assert.deepEqual(page.complaints, []);
  });
}

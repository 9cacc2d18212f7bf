// What a clock says, as its list shows it.
export const HOME = "兴宁市职业技工学校（示例）";
export const HELPERS = { qiantou: "广东省百工技师学院（示例）", peihe: "梅州市客家技师学院（示例）" };
export const VISIT = "主要负责同志年度调研";
export const STAY = "学期常驻";

const raw = async (cell) => Number(await cell.locator(".figure").first().getAttribute("data-raw"));

/** The current clock of one helper at the home school. */
export async function clockOf(page, helper, name) {
  await page.goto(`/clocks?q=${encodeURIComponent(HOME)}`);
  const row = page.locator("main tbody tr", { hasText: helper }).filter({ hasText: name });
  const cell = (label) => row.locator(`td[data-label="${label}"]`);
  return {
    owed: await raw(cell("应做")),
    claimed: await raw(cell("登记")),
    confirmed: await raw(cell("确认")),
    latest: (await cell("最迟开始").innerText()).trim(),
    state: (await cell("状态").innerText()).trim(),
  };
}

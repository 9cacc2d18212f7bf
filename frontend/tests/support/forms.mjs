// A generated form filled in as somebody would: what must be filled, and what a test says.
import assert from "node:assert/strict";
import { flash, main } from "./browser.mjs";
import { HOME } from "./clocks.mjs";

const DAY = "2026-11-20";

async function choose(control) {
  const options = await control.locator("option").evaluateAll((list) => list.map((one) => [one.value, one.textContent.trim()]));
  const fitting = options.filter(([value]) => value !== "");
  const [value] = fitting.find(([, text]) => text.includes(HOME)) ?? fitting[0];
  await control.selectOption(value);
}

/** Fills every required control that is still empty. */
export async function fill(page, given = {}) {
  for (const [label, value] of Object.entries(given)) {
    const control = main(page).getByLabel(label, { exact: false }).first();
    const tag = await control.evaluate((one) => one.tagName);
    if (tag === "SELECT") await control.selectOption({ label: value });
    else await control.fill(value);
  }
  const controls = main(page).locator("form.form [required]").filter({ visible: true });
  for (let at = 0; at < (await controls.count()); at += 1) {
    const control = controls.nth(at);
    if ((await control.inputValue()) !== "") continue;
    const [tag, type, mode] = await control.evaluate((one) => [one.tagName, one.type, one.inputMode]);
    if (tag === "SELECT") await choose(control);
    else if (type === "date") await control.fill(DAY);
    else if (mode === "numeric") await control.fill("3");
    else await control.fill("示例内容");
  }
}

/** Opens a generated form, fills it in and sends it; the page is then the thing that was made. */
export async function make(page, path, button, given = {}) {
  await page.goto(path);
  await fill(page, given);
  await main(page).getByRole("button", { name: button, exact: true }).click();
  assert.match(await flash(page), /已登记|已记|已保存/);
  return new URL(page.url()).pathname;
}

/** The other side says that it is so. */
export async function confirm(page, thing) {
  await page.goto(thing);
  await main(page).getByRole("button", { name: /^确认这一/ }).click();
  assert.match(await main(page).innerText(), /已确认/);
}

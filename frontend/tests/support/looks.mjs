// What every page owes its reader: WCAG 2.2 AA, and no sideways scrolling.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";

export const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

export async function accessible(page, where) {
  // No page has frames, and only what is wrong is wanted: both spare the run a good part of its time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(RULES).setLegacyMode(true);
  const { violations } = await axe.analyze();
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
  assert.deepEqual(told, [], where);
}

export async function fits(page, where) {
  const [content, window] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${where}: ${content} wide in a window of ${window}`);
}

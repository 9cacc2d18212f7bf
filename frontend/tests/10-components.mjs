// The page of components: every component in every state, by keyboard, in forced colours, on paper, on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { as, leave, main, resize } from "./support/browser.mjs";
import { accessible, fits } from "./support/looks.mjs";

const MOST_PRESSES = 600;

let page;
before(async () => {
  page = await as("xitong");
  await page.goto("/components");
});
after(() => leave(page));

test("every component stands there with its template", async () => {
  const names = await main(page).locator(".section > h2 > code").allInnerTexts();
  assert.ok(names.length > 30, `${names.length} components`);
  assert.ok(names.includes("state") && names.includes("form"));
  const sources = await main(page).locator(".more > pre").count();
  assert.equal(sources, names.length);
});

for (const size of ["office", "phone"]) {
  test(`axe finds nothing, and nothing scrolls sideways: ${size}`, async () => {
    await resize(page, size);
    await fits(page, size);
    await accessible(page, size);
    await resize(page, "office");
  });
}

/** Numbers what the Tab key should reach, in the order of the document, and returns how many there are. */
const number = () => page.evaluate(() => {
  const selector = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary";
  const groups = new Set();
  let next = 0;
  for (const one of document.querySelectorAll(selector)) {
    const closed = one.closest("details:not([open])");
    const hidden = one.getClientRects().length === 0 || (closed && !(one.matches("summary") && one.parentElement === closed));
    // A group of radio buttons is one stop: the arrow keys move within it.
    const radio = one.type === "radio";
    const stop = radio && document.querySelector(`[name="${one.name}"]:checked`);
    if (hidden || (radio && (groups.has(one.name) || (stop && stop !== one)))) continue;
    if (radio) groups.add(one.name);
    one.dataset.stop = String(next);
    next += 1;
  }
  return next;
});

test("a phone has drawings of its own, whose words keep their size", async () => {
  await resize(page, "phone");
  const sizes = await main(page).locator("#part-picture .pic-narrow text").evaluateAll((all) =>
    all.map((one) => Math.round(parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)));
  assert.ok(sizes.length > 50 && sizes.every((size) => size >= 13), `${Math.min(...sizes)} px`);
  const wide = await main(page).locator("#part-picture .pic-wide").evaluateAll((all) => all.filter((one) => one.getClientRects().length > 0).length);
  assert.equal(wide, 0);
  await resize(page, "office");
});

test("the keyboard reaches every control, in order, and shows where it is", async () => {
  const count = await number();
  await page.locator("a.skip").focus();
  const reached = [];
  const shown = new Set();
  for (let press = 0; press < MOST_PRESSES && reached.at(-1) !== count - 1; press += 1) {
    const [stop, ringed] = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return [Number(document.activeElement.dataset.stop ?? -1), style.outlineStyle !== "none" || style.boxShadow !== "none"];
    });
    // A date takes several presses, the last of them on its own button, which has a ring of its own.
    if (ringed) shown.add(stop);
    if (reached.at(-1) !== stop) reached.push(stop);
    if (stop === count - 1) break;
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(reached.filter((stop) => !shown.has(stop)), [], "where the focus is not seen");
  assert.deepEqual(reached, Array.from({ length: count }, (_, at) => at));
});

/** States, figures and errors are told by text and shape, which neither forced colours nor paper take away. */
async function nothingIsLost() {
  const lost = await main(page).locator(".state, .figure, .wrong, .notice, .stat, .bar, .strip, .theirs, time").evaluateAll((all) =>
    all.filter((one) => one.getClientRects().length === 0)
      // What is for readers alone, the drawing for another width, and tables that are folded are not to be seen; what was typed
      // before is offered on the screen alone.
      .filter((one) => !one.matches("desc") && !one.closest(".pic-narrow, details:not([open]), .draft-kept"))
      .map((one) => one.outerHTML.slice(0, 120)));
  assert.deepEqual(lost, []);
  const drawn = await main(page).locator("#part-picture .pic-wide").evaluateAll((all) =>
    all.map((one) => [one.getBoundingClientRect().width > 0, one.querySelectorAll("text").length > 0]));
  assert.ok(drawn.length >= 9 && drawn.flat().every(Boolean), "each picture is drawn, with its words");
  const states = await main(page).locator("#part-state .state").evaluateAll((all) =>
    all.map((one) => [one.textContent.trim(), one.querySelector("svg").innerHTML, one.querySelector("svg").getBoundingClientRect().width]));
  assert.equal(new Set(states.map(([text]) => text)).size, states.length, "each state has its word");
  assert.equal(new Set(states.map(([, shape]) => shape)).size, states.length, "each state has its shape");
  assert.ok(states.every(([, , width]) => width > 0), "the shapes are drawn");
}

for (const [name, media] of [["forced colours", { forcedColors: "active" }], ["paper", { media: "print" }]]) {
  test(`nothing is lost: ${name}`, async () => {
    await page.emulateMedia(media);
    await nothingIsLost();
    const picture = await page.screenshot({ fullPage: true });
    assert.ok(picture.length > 10_000);
    await page.emulateMedia({ forcedColors: null, media: null });
  });
}

for (const [name, media] of [["dark", { colorScheme: "dark" }], ["dark with more contrast", { colorScheme: "dark", contrast: "more" }]]) {
  test(`axe finds nothing: ${name}`, async () => {
    await page.emulateMedia(media);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
    await accessible(page, name);
    await page.emulateMedia({ colorScheme: null, contrast: null });
  });
}

// Every kind of page that somebody can reach by links, once: what is in it keeps WCAG 2.2 AA, and does not scroll sideways
// on a phone. Three hundred pages would take minutes to open; here one document stays, and its main part is replaced by that
// of each page. What the script makes of a page, and its menu, are looked at in 8-pages.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { as, leave, main } from "./support/browser.mjs";
import { RULES } from "./support/looks.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
// Of what programmes and rows make many, such as forms, one stands for its kind.
const FORM = /^\/(entries|outputs|applications)\/new\/[^/]+/;
const MADE = /^\/(clauses|indicators|forms|help|clocks|proof|standards|exchanges)\/.+/;
// Files, and what is not for reading.
const NO_PAGE = /\.[a-z]+$|\/(export|book|template|static|files?|paper\/)\b|^\/(api|static|signout|signin)\b/; // signing in leads to other sites
const kind = (path) => path.replace(FORM, "/$1/new/*").replace(MADE, "/$1/*")
  .replace(/\/(\d{4,6}|[0-9a-f]{32}|elements\/[^/]+)(?=\/|$)/g, "/*");

/** Takes a page into this document. Nothing where the address is no page, else what is wrong with it and where it leads. */
async function take([address, rules]) {
  const answer = await fetch(address);
  if (!answer.ok || !(answer.headers.get("content-type") || "").includes("html")) return null;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [old, part] = [document.querySelector("main"), fresh.querySelector("main")];
  if (!part) return null;
  const links = [...fresh.querySelectorAll("a[href^='/']:not([download])")].map((one) => one.getAttribute("href"));
  // The ninth row of a table is as the eighth, and a page of thousands costs seconds.
  const most = (list, count) => [...list].slice(count).forEach((one) => one.remove());
  for (const many of part.querySelectorAll("tbody, ul, ol, select")) most(many.children, 8);
  // Pictures are looked at with their components; here their names stay.
  for (const drawn of part.querySelectorAll("svg")) most(drawn.querySelectorAll(":scope > :not(title, desc)"), 0);
  old.replaceWith(part);
  // Colours come from the one set of styles that /components and 8-pages look at, and cost more than all other rules.
  const { violations } = await window.axe.run(part, {
    runOnly: rules, rules: { "color-contrast": { enabled: false } }, resultTypes: ["violations"],
  });
  const wrong = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 2).join(" | ")}`);
  if (document.scrollingElement.scrollWidth > innerWidth) wrong.push("scrolls sideways on a phone");
  return { links, wrong };
}

/** All that one can come to by links, each kind once; of the sides after the first only what has an address of its own. */
async function walk(page, whole, axe) {
  const [seen, wrong, queue] = [new Set(), [], ["/"]];
  await main(page).waitFor();
  await page.evaluate(axe);
  while (queue.length) {
    const address = queue.shift().split("#")[0];
    const path = kind(address.split("?")[0]);
    if (seen.has(path) || NO_PAGE.test(path) || (path.includes("*") && !whole)) continue;
    seen.add(path);
    const found = await page.evaluate(take, [address, RULES]);
    if (!found) continue;
    queue.push(...found.links);
    wrong.push(...found.wrong.map((one) => `${address}: ${one}`));
  }
  return { seen: seen.size, wrong };
}

test("every kind of page keeps WCAG 2.2 AA and the width of a phone", async () => {
  const axe = await readFile(AXE, "utf8");
  const [office, school, county] = [
    await as("sheng", { at: "phone" }), await as("xianji", { at: "phone" }), await as("xian", { at: "phone" }),
  ];
  // Side by side: the second processor would stand idle.
  const others = async () => [await walk(school, false, axe), await walk(county, false, axe)];
  const [first, [second, third]] = await Promise.all([walk(office, true, axe), others()]);
  assert.deepEqual([first.wrong, second.wrong, third.wrong], [[], [], []]);
  assert.ok(first.seen > 150 && second.seen > 40 && third.seen > 40, `${first.seen}, ${second.seen}, ${third.seen} kinds`);
  for (const page of [office, school, county]) {
    // A page that is taken in parts asks for its own pictures and scripts; what it complains of is looked at in 8-pages.
    page.complaints.length = 0;
    await leave(page);
  }
});

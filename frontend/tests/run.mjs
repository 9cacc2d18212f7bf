// The browser tests: one demonstration, one browser, the steps in the order in which an office does them.
// `node tests/run.mjs claim pages` runs only the files whose names contain one of the words.
import { readdir } from "node:fs/promises";
import { after } from "node:test";
import { close, open } from "./support/browser.mjs";

// Without a server there is nothing to test: one message instead of a failure per test.
await open().catch(async (error) => {
  await close();
  console.error(String(error.message ?? error));
  process.exit(1);
});
after(close);

const here = new URL(".", import.meta.url);
const words = process.argv.slice(2);
const files = (await readdir(here)).filter((name) => /^\d.*\.mjs$/.test(name)).sort();
for (const name of files) {
  if (words.length === 0 || words.some((word) => name.includes(word))) await import(new URL(name, here));
}

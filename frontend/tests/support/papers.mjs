// What a paper says that was downloaded.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import { main } from "./browser.mjs";

const BODY = "word/document.xml";
const LOCAL = 0x04034b50;
const CENTRAL = Buffer.from("PK\x01\x02", "latin1");

/** The text of a Word file: its body, found by the directory at the end of the archive. */
function words(bytes) {
  for (let at = bytes.indexOf(CENTRAL); at >= 0; at = bytes.indexOf(CENTRAL, at + 4)) {
    const name = bytes.toString("utf8", at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    if (name !== BODY) continue;
    const [packed, start] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    assert.equal(bytes.readUInt32LE(start), LOCAL);
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const body = bytes.subarray(from, from + packed);
    const xml = bytes.readUInt16LE(at + 10) === 0 ? body : inflateRawSync(body);
    return xml.toString("utf8").replaceAll(/<[^>]+>/g, "");
  }
  throw new Error("no Word file");
}

/** Downloads both forms of the paper on this page; their name, and what the Word file says. */
export async function papers(page) {
  const get = async (label) => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      main(page).getByRole("link", { name: label }).click(),
    ]);
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const [word, pdf] = [await get("下载 Word"), await get("下载 PDF")];
  assert.match(pdf.name, /\.pdf$/);
  assert.equal(pdf.bytes.toString("latin1", 0, 5), "%PDF-");
  assert.match(pdf.bytes.toString("latin1", pdf.bytes.length - 8), /%%EOF/);
  assert.ok(pdf.bytes.length > 10_000, `a PDF of ${pdf.bytes.length} bytes`);
  return { name: word.name, text: words(word.bytes) };
}

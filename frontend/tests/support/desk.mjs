// What waits for somebody: the desk shows the most urgent, and leads to the rest.
import { main } from "./browser.mjs";

const WHOLE = "/?all=yes";

/** Those on the whole desk that say this. */
export async function onDesk(page, text) {
  await page.goto("/");
  const more = main(page).locator(`a[href="${WHOLE}"]`);
  if (await more.count()) {
    await more.first().click();
    await page.waitForURL(`**${WHOLE}`);
  }
  return main(page).locator(".task", { hasText: text });
}

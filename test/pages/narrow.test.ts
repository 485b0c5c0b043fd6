import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hasChromium, launch, type Page } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const NAME = `Bro${"o".repeat(50)}k`;
const server = await startServer({ engines: [new ToneEngine()], players: [NAME, "elara"] });

describe.skipIf(!hasChromium)("on a narrow page", () => {
  let browser: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => browser?.close());

  async function open(path: string, width: number, height: number): Promise<Page> {
    const page = await browser.context.newPage();
    await page.setViewportSize({ width, height });
    await page.goto(`${server.url}/${path}`);
    return page;
  }
  const playerPage = async (player: string): Promise<string> =>
    `play?token=${await server.party.tokens.issue(player)}`;

  test("a cry and a name that are longer than a phone is wide are broken, not cut", async () => {
    const play = await open(await playerPage(NAME), 390, 844);
    await play.getByRole("button", { name: "Tap to listen" }).waitFor();
    const dm = await open(`dm?token=${server.dmToken}`, 390, 844);
    const cry = `N${"O".repeat(60)}!`;
    server.party.speak({ text: cry, to: [NAME] });
    for (const page of [play, dm]) {
      const text = page.getByText(cry, { exact: true }).first();
      await text.waitFor();
      // The console draws a line anew when it is over: what was taken away meanwhile has no place.
      let right = 0;
      while (right === 0) right = await text.evaluate((element) => element.getBoundingClientRect().right);
      expect(right).toBeWithin(1, 390.1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
  }, 60_000);

  test("a phone at 200 %, on its side too, shows words, and its buttons, dialogs and player whole", async () => {
    const play = await open(await playerPage("elara"), 195, 422);
    await play.getByRole("button", { name: "Tap to listen" }).click();
    server.party.speak({ text: "Sit down.", to: "all", speaker: "mother_harrow" });
    await play.getByText("Sit down.").waitFor();
    expect(await cutOn(play)).toEqual([]);
    // One line of text, not a letter a line.
    const name = await play.locator("h1").evaluate((h1) => h1.getBoundingClientRect().height);
    expect(name).toBeLessThan(40);
    // Turned on its side at that size.
    await play.setViewportSize({ width: 422, height: 195 });
    expect(await play.locator(".captions-box").evaluate((box) => box.clientHeight)).toBeGreaterThan(195 / 4);
    expect(await cutOn(play)).toEqual([]);
    await play.setViewportSize({ width: 195, height: 422 });
    await play.getByRole("button", { name: "Settings" }).click();
    await play.getByText("How loud each is").waitFor();
    expect(await cutOn(play)).toEqual([]);
    const dm = await open(`dm?token=${server.dmToken}`, 195, 422);
    await dm.getByText("Sit down.").first().waitFor();
    expect(await cutOn(dm)).toEqual([]);
    const log = await dm.locator(".log").evaluate((element) => element.getBoundingClientRect().height);
    expect(log).toBeGreaterThan(422 / 5);
    await dm.setViewportSize({ width: 422, height: 195 });
    expect(await dm.locator(".log").evaluate((element) => element.clientHeight)).toBeGreaterThan(195 / 4);
    expect(await cutOn(dm)).toEqual([]);
    await dm.setViewportSize({ width: 195, height: 422 });
    await dm.getByRole("button", { name: "Cast" }).click();
    await dm.getByRole("button", { name: /^Mother Harrow/ }).click();
    await dm.getByText("Whatever suits them").waitFor();
    expect(await cutOn(dm)).toEqual([]);
    await dm.getByRole("button", { name: "Close" }).click();
    await dm.getByRole("button", { name: "Invite" }).click();
    await dm.getByRole("img", { name: "Code with Elara’s link" }).waitFor();
    expect(await cutOn(dm)).toEqual([]);
  }, 60_000);
});

/** What somebody would press or write in, and cannot see whole; seats may be scrolled to. */
function cutOn(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, select, input:not([aria-hidden])")]
      .filter((element) => element.checkVisibility() && !element.closest(".seats"))
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        const isWide = element.scrollWidth > element.clientWidth + 1 && !element.querySelector(".unseen");
        return left < 0 || right > innerWidth + 1 || (element.matches("button") && isWide);
      })
      .map((element) => element.textContent || element.outerHTML),
  );
}

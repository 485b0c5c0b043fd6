import { expect, test } from "bun:test";
import { hasChromium, launch, type Page } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const NAME = `Bro${"o".repeat(50)}k`;
const server = await startServer({ engines: [new ToneEngine()], players: [NAME] });

test.skipIf(!hasChromium)(
  "a cry and a name that are longer than a phone is wide are broken, not cut",
  async () => {
    const { context, close } = await launch();
    const open = async (path: string): Promise<Page> => {
      const page = await context.newPage();
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(`${server.url}/${path}`);
      return page;
    };
    const play = await open(`play?token=${await server.party.tokens.issue(NAME)}`);
    await play.getByRole("button", { name: "Tap to listen" }).waitFor();
    const dm = await open(`dm?token=${server.dmToken}`);
    const cry = `N${"O".repeat(60)}!`;
    server.party.speak({ text: cry, to: [NAME] });
    for (const page of [play, dm]) {
      const text = page.getByText(cry, { exact: true }).first();
      await text.waitFor();
      // In one step: the console draws a line anew when it is over.
      expect(await text.evaluate((element) => element.getBoundingClientRect().right)).toBeWithin(1, 390.1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
    await close();
  },
  60_000,
);

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Browser, hasChromium, launchForMany, type Page } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()] });

describe.skipIf(!hasChromium)("a player page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchForMany();
  }, 60_000);
  afterAll(() => browser?.close());

  /** A page that does not get a file of its own. */
  async function open(missing: string): Promise<Page> {
    // What a service worker fetches would get past.
    const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
    await page.route(missing, (route) => route.abort());
    await page.goto(`${server.url}/play?token=${await server.party.tokens.issue("thorin")}`);
    await page.getByText("At the table").waitFor();
    return page;
  }

  test("whose worker does not come shows the words all the same", async () => {
    const page = await open("**/assets/listener.js");
    server.party.speak({ text: "Run!", to: "all" });
    await page.getByText("Run!").waitFor();
  }, 60_000);

  test.each([
    ["settings-sheet", "Settings", "Done", "How you listen"],
    ["answer-sheet", "Answer…", "Not now", "Your answer"],
  ])(
    "whose %s does not come says so, and goes on",
    async (file, opens, leaves, title) => {
      const page = await open(`**/assets/${file}-*.js`);
      // Nobody answers before there is something to answer.
      server.party.speak({ text: "Who goes there?", to: "all" });
      await page.getByText("Who goes there?").waitFor();
      await page.getByRole("button", { name: opens }).click();
      await page.getByRole("dialog", { name: title }).getByText("load this page again").waitFor();
      server.party.speak({ text: `Never mind the ${file}.`, to: "all" });
      await page.getByText(`Never mind the ${file}.`).waitFor();
      await page.getByRole("button", { name: leaves }).click();
      expect(await page.getByRole("dialog").count()).toBe(0);
    },
    60_000,
  );
});

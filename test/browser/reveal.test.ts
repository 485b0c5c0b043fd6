import { expect, test } from "bun:test";
import { hasChromium, launch } from "../support/browser.ts";
import { startServer } from "../support/server.ts";

const server = await startServer({ engines: ["espeak"], settings: { reveal: "word" } });

test.skipIf(!hasChromium)(
  "a phone shows words as they are spoken, a line that waits not before its turn, and in the end all of both",
  async () => {
    const { context, close } = await launch();
    const page = await context.newPage();
    await page.goto(`${server.url}/play?token=${await server.party.tokens.issue("thorin")}`);
    await page.getByRole("button", { name: /listen/i }).click();
    await page.getByText("Listening").waitFor();
    const [joke, next] = ["Knock knock. Who is there? Nobody.", "And now to the wolves."];
    for (const text of [joke, next]) await server.speak({ text }, { Prefer: "respond-async" });
    const seen = new Set<string>();
    for (let shown = ""; shown !== `${joke}|${next}`; ) {
      const captions = await page.locator(".caption-text").allInnerTexts();
      shown = captions.map((text) => text.trim()).join("|");
      seen.add(shown);
      await Bun.sleep(20);
    }
    const steps = [...seen].filter((text) => text !== "");
    for (const step of steps) expect(`${joke}|${next}`).toStartWith(step);
    expect(steps.some((text) => text.length < joke.length)).toBe(true);
    // The last word of one is read before the first of the other.
    expect(steps.indexOf(joke)).toBeGreaterThanOrEqual(0);
    await close();
  },
  60_000,
);

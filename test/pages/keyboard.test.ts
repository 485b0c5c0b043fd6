import { expect, test } from "bun:test";
import { hasChromium, launch } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const engine = new ToneEngine();
const server = await startServer({ engines: [engine] });

test.skipIf(!hasChromium)(
  "keys that end a composition neither stop the table nor say half a line",
  async () => {
    const { context, close } = await launch();
    const page = await context.newPage();
    const calls: string[] = [];
    page.on("request", (request) => {
      const isDraft = new URL(request.url()).pathname === "/api/draft";
      if (request.method() !== "GET" && !isDraft) calls.push(request.method());
    });
    await page.goto(`${server.url}/dm?token=${server.dmToken}`);
    const thorin = await server.join("thorin");
    const release = engine.hold("A long one.");
    server.party.speak({ text: "A tale. A long one.", to: "all" });
    await page.locator("button.stop:enabled").waitFor();
    const box = page.getByRole("textbox", { name: "What is said" });
    await box.fill("こんに");
    await box.evaluate((element) => {
      const press = (key: string, rest: KeyboardEventInit): unknown =>
        element.dispatchEvent(
          new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...rest }),
        );
      press("Escape", { isComposing: true });
      // As Safari has it.
      press("Enter", { keyCode: 229 });
    });
    await page.waitForTimeout(300);
    expect(await box.inputValue()).toBe("こんに");
    expect(calls).toEqual([]);
    release();
    thorin.socket.close();
    await close();
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "who switches the sound on by a key goes on from there by keys",
  async () => {
    const { context, close } = await launch();
    const page = await context.newPage();
    await page.goto(`${server.url}/play?token=${await server.party.tokens.issue("thorin")}`);
    await page.getByRole("button", { name: "Tap to listen" }).press("Enter");
    const mute = page.getByRole("button", { name: "Mute" });
    await mute.waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === "Mute");
    await close();
  },
  60_000,
);

import { expect, test } from "bun:test";
import { hasChromium, launch } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const engine = new ToneEngine();
const server = await startServer({ engines: [engine] });

test.skipIf(!hasChromium)(
  "what is selected in the console is said with the tag that is clicked, on a phone as on a desk",
  async () => {
    const thorin = await server.join("thorin");
    const { context, close } = await launch();
    for (const width of [390, 1280]) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${server.url}/dm?token=${server.dmToken}`);
      const box = page.getByRole("textbox", { name: "What is said" });
      await box.fill(`Hush at ${width}. They come.`);
      await box.evaluate((element) => {
        const { value } = element as HTMLTextAreaElement;
        (element as HTMLTextAreaElement).setSelectionRange(value.indexOf("They"), value.length);
      });
      const plain = await box.inputValue();
      const tagged = `Hush at ${width}. [whisper]They come.[/whisper]`;
      await page.getByText("How", { exact: true }).click();
      // What the button says is what it writes, and one undo takes it back.
      await page.getByRole("button", { name: "Softly, for all [whisper]", exact: true }).click();
      expect(await box.inputValue()).toBe(tagged);
      await page.keyboard.press("Control+z");
      expect(await box.inputValue()).toBe(plain);
      await page.keyboard.press("Control+Shift+z");
      expect(await box.inputValue()).toBe(tagged);
      await page.keyboard.press("Enter");
      await until(() => thorin.of("narrative").some(({ content }) => String(content).includes(`${width}`)));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.close();
    }
    await close();
    await until(() => engine.asked.length === 3);
    expect(engine.voices.map(({ extra }) => extra.whisper)).toEqual([undefined, true, undefined]);
    expect(thorin.of("narrative").map(({ content }) => content)).toEqual([
      "Hush at 390. They come.",
      "Hush at 1280. They come.",
    ]);
  },
  60_000,
);

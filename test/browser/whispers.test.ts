import { expect, test } from "bun:test";
import { hasChromium, launch } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()] });

test.skipIf(!hasChromium)(
  "a whisper that comes back into the console's box is for nobody else, and takes no place that is written in",
  async () => {
    const thorin = await server.join("thorin");
    const elara = await server.join("elara");
    const { context, close } = await launch();
    const page = await context.newPage();
    await page.goto(`${server.url}/dm?token=${server.dmToken}`);
    const box = page.getByRole("textbox", { name: "What is said" });
    const everyone = page.getByRole("button", { name: "Everyone" });
    const say = page.locator("button.say");
    let fail = (): void => undefined;
    await page.route(
      "**/api/speak",
      async (route) => {
        await new Promise<void>((resolve) => {
          fail = resolve;
        });
        await route.abort();
      },
      { times: 2 },
    );
    const whisper = async (): Promise<void> => {
      await page.getByRole("button", { name: /Thorin/ }).click();
      await box.fill("Elara lies.");
      await box.press("Enter");
      await everyone.click();
    };
    await whisper();
    await box.fill("The doors sw");
    fail();
    await page.getByText("The server does not answer").waitFor();
    expect(await box.inputValue()).toBe("The doors sw");
    expect(await say.textContent()).toBe("Speak to everyone");
    await box.fill("");
    await whisper();
    fail();
    await page.getByRole("button", { name: "Whisper to Thorin" }).waitFor();
    expect(await box.inputValue()).toBe("Elara lies.");
    await box.fill("");
    await everyone.click();
    await box.press("ArrowUp");
    expect(await box.inputValue()).toBe("Elara lies.");
    await box.press("Enter");
    await until(() => thorin.of("private").length === 1);
    expect(elara.of("narrative")).toEqual([]);
    await close();
  },
  60_000,
);

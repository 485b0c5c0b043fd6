import { afterAll, expect, test } from "bun:test";
import type { TTSEngine } from "../../src/engines/contract/engine.ts";
import type { EngineVoice } from "../../src/engines/contract/engine-voice.ts";
import { hasChromium, launch } from "../support/browser.ts";
import { expectNoBarriers } from "../support/looks.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

class Choir extends ToneEngine implements TTSEngine {
  listVoices(): EngineVoice[] {
    const women = ["alma", "bea"].map((id) => ({ id, languages: ["en-us"], gender: "female" as const }));
    return [
      ...women,
      { id: "carl", languages: ["en-us"], gender: "male" },
      { id: "dora", languages: ["de"] },
    ];
  }
}

const engine = new Choir({ name: "choir" });
const server = await startServer({ engines: [engine] });
const browser = hasChromium ? await launch() : undefined;
afterAll(() => browser?.close());

test.skipIf(!hasChromium)(
  "a voice is found by language, gender and words, heard at the desk alone, and kept by keyboard",
  async () => {
    if (!browser) throw new Error("there is no browser");
    const page = await browser.context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await server.speak({ text: "Who is it?", npc: { name: "Mara" } });
    await page.goto(`${server.url}/dm?token=${server.dmToken}`);
    await page.getByRole("button", { name: "Cast" }).click();
    await page.getByRole("button", { name: /^Mara/ }).click();
    const voice = page.getByRole("region", { name: "Voice" });
    await voice.getByRole("radio", { name: /^alma/ }).waitFor();
    // In the language that she speaks.
    expect(await voice.getByRole("status").textContent()).toBe("3 voices");
    await voice.getByLabel("Woman, man or neither").selectOption("Women");
    await voice.getByRole("radio", { name: /^carl/ }).waitFor({ state: "detached" });
    await voice.getByLabel("Language").selectOption("Any language");
    await voice.getByLabel("Find a voice").fill("be");
    await voice.getByRole("radio", { name: /^alma/ }).waitFor({ state: "detached" });
    const before = engine.asked.length;
    await voice.getByRole("button", { name: /^Hear it.*bea$/ }).click();
    await until(() => engine.asked.length > before);
    expect(engine.voices.at(-1)?.voiceId).toBe("bea");
    expect((await server.party.status()).queue).toEqual([]);
    await voice.getByRole("radio", { name: "Whatever suits them" }).focus();
    await page.keyboard.press("ArrowDown");
    const kept = () => server.party.characters.get("Mara");
    await until(() => kept().voice !== undefined);
    expect(kept().voice).toEqual({ voiceId: "bea", engine: "choir", language: "en-us" });
    await page.getByText("Speaks with bea.").waitFor();
    expect(await voice.getByRole("radio", { name: /^bea/ }).isChecked()).toBe(true);
    await expectNoBarriers(page, "console-voices");
    await page.close();
  },
  60_000,
);

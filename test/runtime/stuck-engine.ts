import { expect, test } from "bun:test";
import { copyFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expectSpeech } from "./lines.ts";
import { type Runtime, startTable } from "./runtime.ts";

const HANG_MS = 2_000;

/** Whether a worker hears of anything while an engine in it is stuck is each runtime's own. */
export function testStuckEngine(runtime: () => Runtime): void {
  test("an engine that hangs in the only worker is tried again and again, and keeps no line waiting", async () => {
    const { programs, campaign } = runtime();
    // Deno reads what is there.
    copyFileSync(`${programs}/stuck.mjs`, `${campaign}/stuck.mjs`);
    const options = {
      engines: [{ name: "stuck", module: pathToFileURL(`${campaign}/stuck.mjs`).href }, "espeak"],
      tiers: { speed: ["stuck", "espeak"] },
      health: { firstProbeMs: 50, maxProbeMs: 50 },
      pool: { size: 1, hangMs: HANG_MS },
    };
    await using server = await startTable(runtime(), { options });
    const thorin = await server.join("thorin");
    const status = async () => (await server.call("/status")).json();
    const speak = async (text: string) => (await server.speak({ text })).json();
    // The first line finds out that it hangs, and the worker is lost over it, twice.
    expect(await speak("The bridge is out.")).toMatchObject({ delivered: true, engines: ["espeak"] });
    const { restarts } = (await status()).speech;
    for (const text of ["Run!", "Hide!", "Rest."]) {
      while ((await status()).speech.busy === 0) await Bun.sleep(5);
      expect(await speak(text)).toMatchObject({ delivered: true, engines: ["espeak"] });
    }
    const after = await status();
    expect(after.speech.restarts).toBe(restarts);
    expect(after.engines[0].outOfOrder).toContain("silent");
    expect(thorin.clips.length).toBe(4);
    for (const clip of thorin.clips) expectSpeech(clip);
  }, 60_000);
}

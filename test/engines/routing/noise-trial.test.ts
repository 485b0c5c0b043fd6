import { expect, test } from "bun:test";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";
import { noise, sine } from "../../support/sound.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

class Noisy extends ToneEngine {
  isWell = false;

  override async *synthesize(text: string): AsyncGenerator<PcmPiece, void, undefined> {
    this.asked.push(text);
    yield { samples: this.isWell ? sine(300, 24_000, 0.5, 1) : noise(24_000, 1), sampleRate: 24_000 };
  }
}

test("an engine that makes noise gives way to the next one, and its trials do not take noise for speech", async () => {
  const noisy = new Noisy({ name: "noisy" });
  const names = ["noisy", "tone"];
  const router = new TTSRouter({
    engines: [noisy, new ToneEngine()],
    tiers: { speed: names, quality: names, fallback: names },
    health: { maxFailures: 1, firstProbeMs: 1, maxProbeMs: 1 },
  });
  const problem = async (): Promise<string> =>
    (await router.getStatus()).find(({ name }) => name === "noisy")?.outOfOrder ?? "";
  const whole = await router.synthesize("The dragon roars.", plainVoice("en"));
  expect(whole.engine).toBe("tone");
  await until(() => noisy.asked.length > 5);
  expect(await problem()).toContain("the engine gave noise instead of speech");
  noisy.isWell = true;
  while ((await problem()) !== "") await Bun.sleep(1);
  expect((await router.synthesize("The dragon roars.", plainVoice("en"))).engine).toBe("noisy");
  await router.shutdown();
});

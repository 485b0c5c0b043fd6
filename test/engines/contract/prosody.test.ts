import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { floatToInt16 } from "../../../src/core/dsp/pcm.ts";
import { loadEngine } from "../../../src/engines/catalogue.ts";
import type { TTSEngine } from "../../../src/engines/contract/engine.ts";
import { missingProsody, nativeProsody } from "../../../src/engines/contract/prosody.ts";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import { createFliteEngine } from "../../../src/engines/flite/flite.ts";
import { createSpeechHost } from "../../../src/pool/create-speech-host.ts";
import type { SpeechHost } from "../../../src/pool/speech-host.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";
import { fundamental } from "../../fixtures/engines/fundamental.ts";
import { heardOf } from "../../support/heard.ts";
import { type StandIns, startStandIns } from "../../support/services/stand-ins.ts";
import { babble } from "../../support/sound.ts";
import { writeVitsVoice } from "../../support/stand-in-voices.ts";

const TEXT = "Behind it lies a hall of black glass, and a thousand candles burn in it.";
/** The stand-in of sherpa says every letter as a tone of its own, far above any voice. */
const ONE_TONE = "a".repeat(60);
const VOICES = [
  ["espeak", "en-us"],
  ["espeak", "en-us+f3"],
  ["flite", "slt"],
  ["flite", "rms"],
  ["flite", "awb"],
  ["sherpa", "vits/0"],
  ["elevenlabs", "en-us"],
  ["wyoming", "en-us"],
] as const;

const engines = new Map<string, TTSEngine>([
  ["espeak", createEspeakEngine()],
  ["flite", createFliteEngine()],
]);
const voicesDir = mkdtempSync(join(tmpdir(), "bardcast-prosody-"));
let host: SpeechHost;
let services: StandIns;

beforeAll(async () => {
  await writeVitsVoice(`${voicesDir}/vits`);
  host = await createSpeechHost({ engines: [{ engine: "sherpa", options: { voicesDir } }] });
  const speech = new Uint8Array(floatToInt16(babble(3, 0.4, 130)).buffer);
  services = await startStandIns(undefined, () => speech);
  for (const ref of services.engines) engines.set(ref.engine, await loadEngine(ref));
  for (const engine of host.engines) engines.set(engine.name, engine);
});

afterAll(async () => {
  await host.close();
  await services[Symbol.asyncDispose]();
  await rm(voicesDir, { recursive: true });
});

/** Seconds and Hz of a sentence as a table hears it. */
async function measured(name: string, voiceId: string, changes: { speed?: number; pitch?: number } = {}) {
  const engine = engines.get(name);
  if (!engine) throw new Error(`no engine ${name}`);
  const text = name === "sherpa" ? ONE_TONE : TEXT;
  const { samples } = await heardOf(engine, text, { ...plainVoice("en-us"), voiceId, ...changes });
  const seconds = samples.length / 24_000;
  const sound = { samples, sampleRate: 24_000, seconds, pieces: [], words: [] };
  return { seconds, hz: name === "sherpa" ? toneOf(samples) : fundamental(sound) };
}

/** Hz of a tone: how often it rises through zero. */
function toneOf(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  const rises = middle.filter((sample, i) => i > 0 && sample >= 0 && (middle[i - 1] as number) < 0);
  return (rises.length * 24_000) / middle.length;
}

describe.each(VOICES)("%s, %s", (engine, voiceId) => {
  test("is as fast as it is told to be, from a third to three times its speed", async () => {
    const normal = await measured(engine, voiceId);
    for (const speed of [0.35, 0.7, 1.5, 3]) {
      const { seconds } = await measured(engine, voiceId, { speed });
      expect((normal.seconds / seconds / speed).toFixed(2), `at ${speed}`).toSatisfy(
        (ratio: string) => Number(ratio) > 0.88 && Number(ratio) < 1.12,
      );
    }
  });

  test("is as high as it is told to be, as long as it was", async () => {
    const normal = await measured(engine, voiceId);
    for (const pitch of [-10, -4, 4, 11]) {
      const { seconds, hz } = await measured(engine, voiceId, { pitch });
      expect(Math.abs(12 * Math.log2(hz / normal.hz) - pitch), `at ${pitch}`).toBeLessThan(1.3);
      expect(seconds / normal.seconds).toBeWithin(0.95, 1.05);
    }
  });
});

test("what an engine does not reach by itself is left for the sound chain, and nothing is done twice", () => {
  const limited = { speed: [0.5, 2], pitch: false } as const;
  expect(nativeProsody(limited, { speed: 3, pitch: 5 })).toEqual({ speed: 2, pitch: 0 });
  expect(missingProsody(limited, { speed: 3, pitch: 5 })).toEqual({ speed: 1.5, pitch: 5 });
  expect(missingProsody(limited, { speed: 1.5, pitch: 0 })).toEqual({ speed: 1, pitch: 0 });
  expect(missingProsody({}, { speed: 4, pitch: 24 })).toEqual({ speed: 1, pitch: 0 });
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import { EFFECTS } from "../../../src/core/dsp/effects/names.ts";
import { floatToInt16 } from "../../../src/core/dsp/pcm.ts";
import { loadEngine } from "../../../src/engines/catalogue.ts";
import type { TTSEngine } from "../../../src/engines/contract/engine.ts";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import { createFliteEngine } from "../../../src/engines/flite/flite.ts";
import { FLITE_VOICES } from "../../../src/engines/flite/flite-voices.ts";
import { VoiceLevels } from "../../../src/engines/routing/voice-levels.ts";
import { createSpeechHost } from "../../../src/pool/create-speech-host.ts";
import type { SpeechHost } from "../../../src/pool/speech-host.ts";
import { RegistryFile } from "../../../src/voices/registry-file.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";
import { readVoice } from "../../../src/voices/written-voice.ts";
import { heardOf } from "../../support/heard.ts";
import { hasMeter, measure } from "../../support/meter.ts";
import { type StandIns, startStandIns } from "../../support/services/stand-ins.ts";
import { babble } from "../../support/sound.ts";
import { writeKokoroVoice, writeVitsVoice } from "../../support/stand-in-voices.ts";

const SENTENCES = [
  "The gate groans open, and quietly nobody comes out.",
  "Who dares to wake the keeper?",
  "Behind it lies a hall of black glass, and a thousand candles burn in it, and none gives any warmth.",
];

/** Amplitudes at which the services speak: from a whisper in another room to a shout. */
const AMPLITUDES = { openai: 0.02, edge: 1, elevenlabs: 0.9, cartesia: 0.1, deepgram: 0.4, wyoming: 0.05 };

type Said = [name: string, engine: string, voice: VoiceConfig];

const said = (engine: string, voiceId: string, extra: Record<string, unknown> = {}): Said => {
  const name = [engine, voiceId, ...Object.values(extra).flat()].join(", ");
  return [name, engine, { ...plainVoice("en-us"), voiceId, extra }];
};

/** Everybody whom a new campaign's registry knows. */
function registered(): Said[] {
  const file = RegistryFile.default();
  const singles = ["dm_voice", "combat_voice"].map((key) => file.entry(key));
  return [...singles, ...file.section("npc_defaults")].map((entry) => [
    `espeak, ${entry?.key}`,
    "espeak",
    readVoice(entry?.fields ?? [], { name: "", defaultLanguage: "en-us" }).voice,
  ]);
}

/** An engine that speaks as another one does, at another level, in small pieces as they are made. */
function distant(name: string, source: TTSEngine, gain: number): TTSEngine {
  return {
    ...source,
    name,
    capabilities: { streaming: true, wordTimes: false },
    async *synthesize(text, voice): AsyncGenerator<PcmPiece, void, undefined> {
      for await (const { samples, sampleRate } of source.synthesize(text, voice)) {
        const louder = samples.map((sample) => Math.max(-1, Math.min(1, sample * gain)));
        for (let at = 0; at < louder.length; at += 1000)
          yield { samples: louder.slice(at, at + 1000), sampleRate };
      }
    },
  };
}

const espeak = createEspeakEngine();
const flite = createFliteEngine();
const engines = new Map<string, TTSEngine>([
  ["espeak", espeak],
  ["flite", flite],
  ["far away", distant("far away", espeak, 0.05)],
  ["too close", distant("too close", espeak, 3)],
  ["flite far away", distant("flite far away", flite, 0.05)],
]);
const levels = new VoiceLevels();
const voicesDir = mkdtempSync(join(tmpdir(), "bardcast-levels-"));
let host: SpeechHost;
let services: StandIns;

beforeAll(async () => {
  if (!hasMeter) return;
  await Promise.all([writeVitsVoice(`${voicesDir}/vits`), writeKokoroVoice(`${voicesDir}/kokoro`)]);
  host = await createSpeechHost({ engines: [{ engine: "sherpa", options: { voicesDir } }] });
  services = await startStandIns(undefined, (name) => speech(AMPLITUDES[name]));
  for (const ref of services.engines) engines.set(ref.engine, await loadEngine(ref));
  for (const engine of host.engines) engines.set(engine.name, engine);
});

afterAll(async () => {
  await host?.close();
  await services?.[Symbol.asyncDispose]();
  await rm(voicesDir, { recursive: true });
});

/** What a service says, 16-bit PCM. */
function speech(amplitude: number): Uint8Array {
  return new Uint8Array(floatToInt16(babble(3, amplitude, 140)).buffer);
}

/** LUFS and dBTP of the sentences as a table hears them, one after the other. */
async function metered(
  engineName: string,
  voice: VoiceConfig,
): Promise<{ lufs: number; truePeak: number }[]> {
  const engine = engines.get(engineName);
  if (!engine) throw new Error(`no engine ${engineName}`);
  const found = [];
  for (const sentence of SENTENCES) {
    const { samples, level } = await heardOf(engine, sentence, voice, levels.of(engineName, voice));
    if (level) levels.remember(engineName, voice, level);
    found.push(measure(samples));
  }
  return Promise.all(found);
}

const espeakIds = "+f1 +m7 +alicia +anika +belinda +gustave +lee +linda +storm +whisper".split(" ");

describe.skipIf(!hasMeter)("by ffmpeg's meter", () => {
  test.each([
    ...registered(),
    ...espeakIds.map((variant) => said("espeak", `en-us${variant}`)),
    ...["it", "de", "ru", "cmn", "ja", "ar", "sv", "pt-br"].map((id) => said("espeak", id)),
    ...FLITE_VOICES.map((id) => said("flite", id)),
    ...["vits/0", "vits/3", "kokoro/0", "kokoro/2"].map((id) => said("sherpa", id)),
    ...Object.keys(AMPLITUDES).map((name) => said(name, "en-us")),
    ...EFFECTS.flatMap((effect) => [
      said("espeak", "en-us", { effects: [effect] }),
      said("flite", "slt", { effects: [effect] }),
    ]),
    said("espeak", "en-us+f3", { whisper: true }),
    said("espeak", "it", { whisper: true }),
    said("far away", "en-us"),
    said("far away", "en-us", { effects: ["cave"] }),
    said("too close", "en-us+m7"),
    said("flite far away", "awb"),
    said("flite far away", "slt", { effects: ["spirit"] }),
  ])(
    "%s: within 3 LU of the target at first, within 1 LU from the second sentence on, never over −1 dBTP",
    async (name, engine, voice) => {
      const [first = { lufs: 0, truePeak: 0 }, ...others] = await metered(engine, voice);
      const row = [first, ...others].map(({ lufs, truePeak }) => `${lufs} LUFS ${truePeak} dBTP`);
      expect(Math.abs(first.lufs + 18), `${name}: ${row}`).toBeLessThanOrEqual(3);
      for (const { lufs } of others) expect(Math.abs(lufs + 18), `${name}: ${row}`).toBeLessThanOrEqual(1);
      for (const { truePeak } of [first, ...others]) expect(truePeak, `${row}`).toBeLessThanOrEqual(-1);
    },
    20_000,
  );
});

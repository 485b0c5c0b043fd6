import { describe, expect, test } from "bun:test";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import type { SynthesizeOptions } from "../../../src/engines/contract/engine.ts";
import { createFliteEngine } from "../../../src/engines/flite/flite.ts";
import { FLITE_VOICES, fliteVoice } from "../../../src/engines/flite/flite-voices.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";
import { fundamental } from "../../fixtures/engines/fundamental.ts";
import { type Spoken, speakWith, spokenWords } from "../../fixtures/engines/spoken.ts";

const engine = createFliteEngine();
const LINE = "The dragon roars, and the walls of the old keep tremble.";
const VOICED = "Oh, we all know you were away, and the dragon roars.";

function speak(
  text: string,
  voice: Partial<VoiceConfig> = {},
  options: SynthesizeOptions = {},
): Promise<Spoken> {
  return speakWith(engine, text, voice, options);
}

describe("Flite", () => {
  test("is there, warms up as often as one likes, and speaks English", async () => {
    expect(await engine.isAvailable()).toBe(true);
    await engine.warmup();
    await engine.warmup();
    expect(engine.supportedLanguages()).toEqual(["en"]);
  });

  test("speaks in pieces that are worth sending", async () => {
    const { pieces, seconds, sampleRate, samples } = await speak(LINE);
    expect(sampleRate).toBe(16_000);
    expect(seconds).toBeWithin(2, 6);
    expect(pieces.length).toBeWithin(seconds * 3, seconds * 10);
    expect(Math.max(...samples)).toBeGreaterThan(0.1);
  });

  test("says the same thing in the same way, whatever was said before", async () => {
    const first = await speak(LINE, { voiceId: "slt" });
    await speak("Something else, at another pace.", { voiceId: "kal16", speed: 1.5, pitch: -4 });
    expect((await speak(LINE, { voiceId: "slt" })).samples).toEqual(first.samples);
    await engine.shutdown();
    expect((await speak(LINE, { voiceId: "slt" })).samples).toEqual(first.samples);
  });

  test("sounds different in each of its voices", async () => {
    const spoken = await Promise.all(FLITE_VOICES.map((voiceId) => speak("Taverna", { voiceId })));
    expect(new Set(spoken.map(({ samples }) => Bun.hash(samples.buffer as ArrayBuffer))).size).toBe(4);
  });

  test("stops when it is told to, before and between two pieces", async () => {
    const signal = AbortSignal.abort();
    const never = engine.synthesize(LINE, plainVoice("en-us"), { signal })[Symbol.asyncIterator]();
    await expect(never.next()).rejects.toBe(signal.reason);
    const abort = new AbortController();
    const begun = engine.synthesize(LINE, plainVoice("en-us"), { signal: abort.signal });
    const pieces = begun[Symbol.asyncIterator]();
    expect((await pieces.next()).done).toBe(false);
    abort.abort();
    await expect(pieces.next()).rejects.toBe(abort.signal.reason);
  });

  test("leaves a text without a Latin letter to others", async () => {
    await expect(speak("Привет, дракон")).rejects.toMatchObject({ code: "voice-unknown" });
  });

  test("spells what is not ASCII, and does not read out what is for the eye", async () => {
    const plain = await speak("The cafe's naive");
    for (const text of ["The *café’s* _naïve_", "The cafe\u0301's nai\u0308ve"]) {
      expect((await speak(text)).samples).toEqual(plain.samples);
    }
  });
});

describe("Flite's prosody", () => {
  test.each(FLITE_VOICES)(
    "speed 2 takes half the time with %s, and the extremes are bounded",
    async (voiceId) => {
      const [normal, fast] = [await speak(LINE, { voiceId }), await speak(LINE, { voiceId, speed: 2 })];
      expect(fast.seconds / normal.seconds).toBeWithin(0.4, 0.6);
      const [endless, bounded] = [
        await speak("Run!", { voiceId, speed: 0.001 }),
        await speak("Run!", { voiceId, speed: 0.25 }),
      ];
      expect(endless.samples).toEqual(bounded.samples);
    },
  );

  test.each(FLITE_VOICES)("semitones up and down move %s by as much, in the same time", async (voiceId) => {
    const normal = await speak(VOICED, { voiceId });
    for (const pitch of [6, -3]) {
      const moved = await speak(VOICED, { voiceId, pitch });
      const wanted = 2 ** (pitch / 12);
      expect(fundamental(moved) / fundamental(normal)).toBeWithin(wanted * 0.85, wanted * 1.15);
      expect(moved.seconds / normal.seconds).toBeWithin(0.95, 1.05);
    }
  });
});

describe("Flite's word times", () => {
  test.each([
    ["Fire — ice burn café 😀 now!", ["Fire", "ice", "burn", "café", "now"]],
    ["“Hello” … said Élise (twice).", ["Hello", "said", "Élise", "twice"]],
    ["It costs 1,234 gold, don't it?", ["It", "costs", "1,234", "gold", "don't", "it"]],
  ])("line up with %s", async (text, words) => {
    expect(spokenWords(text, await speak(text))).toEqual(words);
  });

  test.each([{ voiceId: "slt" }, { voiceId: "rms", pitch: 5 }])(
    "follow each other, leave the silence at both ends out, and meet what is heard: %p",
    async (voice) => {
      const spoken = await speak("Wait. The dragon roars, and the walls tremble!", voice);
      let before = 0;
      for (const [, , start, end] of spoken.words) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        expect(loudness(spoken, start, end)).toBeGreaterThan(0.01);
        before = end;
      }
      expect(before).toBeWithin(spoken.seconds * 800, spoken.seconds * 1000);
      const [wait, the] = spoken.words;
      // The pause after a full stop belongs to neither.
      expect(loudness(spoken, wait?.[3] ?? 0, the?.[2] ?? 0)).toBeLessThan(0.01);
    },
  );

  test("do not keep the first piece waiting", async () => {
    const { pieces } = await speak("The walls of the old keep tremble.");
    expect(pieces[0]?.words).toBeUndefined();
    expect(pieces[1]?.words).not.toBeEmpty();
  });
});

describe("Flite's opening", () => {
  const CLAUSES: readonly string[] = [
    "The old dragon roars again, and the walls of the keep tremble while the villagers run.",
    "When you open the door, you see a long table with three candles on it.",
    "Beyond the gate; if you dare to look; lies the garden of the dead queen.",
    "Thorin, son of the old king, was seen under the mountain in those days.",
    "Well met, old traveller! Come and sit by the fire with us tonight.",
  ];

  test.each(["slt", "rms", "awb"])(
    "is what %s says at the beginning of the whole sentence",
    async (voiceId) => {
      for (const text of CLAUSES) {
        const [soon, whole] = [
          await speak(text, { voiceId }),
          await speak(text, { voiceId }, { whole: true }),
        ];
        expect(soon.words).toEqual(whole.words);
        expect(soon.samples.length).toBe(whole.samples.length);
        expect(soon.pieces[1]?.words).toBeUndefined();
        // Where nobody hears it before the end, nothing is done for an early start.
        expect(whole.pieces[1]?.words).not.toBeEmpty();
        // The last sound of the clause may swing in another phase.
        expect(likeness(soon.samples, whole.samples)).toBeGreaterThan(20);
      }
    },
  );

  test("is there before the rest is spoken, and ends in a pause, where nobody hears the seam", async () => {
    for (const text of CLAUSES) {
      const pieces = engine.synthesize(text, { ...plainVoice("en-us"), voiceId: "slt" });
      const opening: PcmPiece[] = [];
      for await (const piece of pieces) {
        if (piece.words) break;
        opening.push(piece);
      }
      const samples = opening.flatMap((piece) => [...piece.samples]);
      expect(samples.length).toBeWithin(16_000 / 2, 16_000 * 2.5);
      expect(Math.max(...samples.slice(-200).map(Math.abs))).toBeLessThan(0.01);
    }
  });

  test.each([
    ["short", "When you open the door, run from the dragon.", {}],
    ["one clause", "The dragon roars at the walls of the old keep.", {}],
    ["a word and a clause", "Oh, the dragon roars at the walls of the old keep.", {}],
    ["quick", "When you open the door, you see a long table with three candles on it.", { speed: 2 }],
  ])(
    "is not spoken apart where that would be no sooner: a sentence that is %s",
    async (_what, text, voice) => {
      const { pieces } = await speak(text, { voiceId: "slt", ...voice });
      expect(pieces[1]?.words).not.toBeEmpty();
    },
  );
});

/** Signal to difference, in dB. */
function likeness(one: Float32Array, other: Float32Array): number {
  const power = one.reduce((sum, sample) => sum + sample ** 2, 0);
  const difference = one.reduce((sum, sample, at) => sum + (sample - (other[at] ?? 0)) ** 2, 1e-12);
  return 10 * Math.log10(power / difference);
}

/** RMS between two times in ms. */
function loudness({ samples, sampleRate }: Spoken, fromMs: number, toMs: number): number {
  const part = samples.subarray((fromMs * sampleRate) / 1000, (toMs * sampleRate) / 1000);
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

test.each([
  ["slt", "slt"],
  ["KAL16", "kal16"],
  ["kal", "kal16"],
  ["en-us", "rms"],
  ["en-us+m3", "rms"],
  ["EN-US+F3", "slt"],
  ["en-gb-scotland+m7", "awb"],
  ["en-gb-scotland+f4", "slt"],
  ["gmw/en-GB", "awb"],
  ["en-us+croak", "kal16"],
  ["en-US-GuyNeural", "rms"],
  ["en-US-JennyNeural", "slt"],
  ["af_heart", "slt"],
  ["bm_george", "awb"],
  ["", "rms"],
])("a voice id of another engine, %p, is %s to Flite", (voiceId, voice) => {
  expect(fliteVoice(voiceId)).toBe(voice as never);
});

import { expect, test } from "bun:test";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import { EFFECTS } from "../../../src/core/dsp/effects/names.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import type { TTSEngine } from "../../../src/engines/contract/engine.ts";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import { createFliteEngine } from "../../../src/engines/flite/flite.ts";
import { AudioChain } from "../../../src/engines/render/audio-chain.ts";
import { SoundCheck } from "../../../src/engines/render/sound-check.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";
import { babble, noise, sine } from "../../support/sound.ts";

const RATE = 24_000;
const text = "The dragon roars, and the walls of the old keep tremble.";
type Sound = Float32Array<ArrayBuffer>;

interface Verdict {
  /** Samples that were let through before the verdict. */
  heard: number;
  code?: string | undefined;
  message?: string | undefined;
}

function judge(sound: Sound, { piece = 480, speed = 1, said = text, sampleRate = RATE } = {}): Verdict {
  const check = new SoundCheck({ text: said, voice: { speed } });
  let heard = 0;
  const take = (pieces: PcmPiece[]): void => {
    for (const { samples } of pieces) heard += samples.length;
  };
  try {
    for (let at = 0; at < sound.length; at += piece)
      take(check.push({ samples: sound.slice(at, at + piece), sampleRate }));
    take(check.end());
    return { heard };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return { heard, code, message };
  }
}

const refusals: [string, Sound, string][] = [
  ["white noise at full scale", noise(2 * RATE, 1), "noise instead of speech"],
  ["white noise at half of it", noise(2 * RATE, 0.5), "noise instead of speech"],
  ["soft white noise", noise(2 * RATE, 0.1), "noise instead of speech"],
  [
    "noise of two values",
    noise(2 * RATE, 1).map((sample) => Math.sign(sample) * 0.99),
    "noise instead of speech",
  ],
  ["text for samples", noise(2 * RATE, 0.3).map((sample) => sample + 0.7), "noise instead of speech"],
  ["no numbers", new Float32Array(RATE).fill(Number.NaN), "samples that are no numbers in −1…1"],
  [
    "infinite ones",
    babble(1, 0.5).map((sample, at) => (at % 9 === 0 ? Infinity : sample)),
    "samples that are no numbers in −1…1",
  ],
  [
    "16-bit integers for floats",
    babble(1, 0.5).map((sample) => Math.round(sample * 32_768)),
    "samples that are no numbers in −1…1",
  ],
  [
    "integers of a soft voice",
    sine(200, RATE, 5, 1).map(Math.round),
    "whole numbers instead of samples in −1…1",
  ],
  [
    "nothing but clipping",
    sine(150, RATE, 60, 1).map((sample) => Math.max(-1, Math.min(1, sample))),
    "sound that is cut off at full scale",
  ],
];
test.each(refusals)("%s is refused before any of it is heard", (_, sound, what) => {
  for (const piece of [1, 480, 5000, sound.length])
    expect(judge(sound, { piece })).toEqual({
      heard: 0,
      code: "engine-failed",
      message: `the engine gave ${what}`,
    });
});

test("integers that begin softly are held until they are seen through", () => {
  const fadeIn = babble(1, 0.5).map((sample, at) =>
    Math.round(sample * 32_768 * Math.min(1, at / 9000) ** 4),
  );
  expect(judge(fadeIn)).toMatchObject({ heard: 0, code: "engine-failed" });
});

test("silence is no speech, with an offset, with hiss or alone", () => {
  for (const sound of [new Float32Array(RATE), new Float32Array(RATE).fill(0.3), noise(RATE, 0.0004)])
    expect(judge(sound)).toEqual({
      heard: 0,
      code: "engine-silent",
      message: "the engine gave nothing but silence",
    });
  expect(judge(new Float32Array(RATE), { said: "…" })).toEqual({ heard: RATE });
});

test("a click is too short for a sentence, with or without silence around it", () => {
  const click = sine(300, RATE, 0.5, 0.05);
  const { message, heard } = judge(joinPcm([new Float32Array(RATE), click, new Float32Array(RATE / 4)]));
  expect([heard, message]).toEqual([0, "the engine gave only 50 ms of sound for so many words"]);
  expect(judge(click)).toMatchObject({ code: "engine-failed" });
  expect(judge(click, { said: "No." })).toEqual({ heard: click.length });
  // Twice as fast is half as long.
  const short = sine(300, RATE, 0.5, 0.2);
  expect(judge(short)).toMatchObject({ code: "engine-failed" });
  expect(judge(short, { speed: 2 })).toEqual({ heard: short.length });
});

test("sound without end is ended while it streams", () => {
  const check = new SoundCheck({ text: "Oh!", voice: { speed: 1 } });
  const second = sine(300, RATE, 0.5, 1);
  let seconds = 0;
  expect(() => {
    for (; seconds < 600; seconds++) check.push({ samples: second.slice(), sampleRate: RATE });
  }).toThrow("the engine gave sound without end for so few words");
  expect(seconds).toBeWithin(60, 80);
});

test("what goes wrong later is seen then, and what was good until then was heard", () => {
  const speech = babble(2, 0.5);
  const { heard, message } = judge(joinPcm([speech, noise(RATE, 1)]));
  expect(message).toBe("the engine gave noise instead of speech");
  expect(heard).toBeWithin(speech.length, speech.length + 0.2 * RATE);
});

test("a few broken numbers cost a moment, not the sentence", () => {
  const spoilt = babble(1, 0.5);
  spoilt.fill(Number.NaN, 9000, 9010);
  expect(judge(spoilt)).toEqual({ heard: spoilt.length });
});

test.each([
  ["a Float64Array", new Float64Array(480), "Float64Array instead"],
  ["an Int16Array", new Int16Array(480), "Int16Array instead"],
  ["a list", [0, 0.1], "Array instead"],
  ["nothing", undefined, "undefined instead"],
])("%s is told to be no Float32Array", (_, samples, told) => {
  const check = new SoundCheck({ text, voice: { speed: 1 } });
  expect(() => check.push({ samples, sampleRate: RATE } as unknown as PcmPiece)).toThrow(told);
});

test.each([0, Number.NaN, 22_050.5, 500_000])("%d Hz is refused", (sampleRate) => {
  expect(judge(babble(1, 0.5), { sampleRate }).message).toContain(
    `the engine gave sound at ${sampleRate} Hz`,
  );
});

test("a rate that changes is refused", () => {
  const check = new SoundCheck({ text, voice: { speed: 1 } });
  check.push({ samples: babble(1, 0.5), sampleRate: RATE });
  expect(() => check.push({ samples: babble(1, 0.5), sampleRate: 16_000 })).toThrow("sample rate changes");
});

test("no more than a tenth of a second of sound is held back, and each piece comes out as it was", () => {
  const check = new SoundCheck({ text, voice: { speed: 1 } });
  const given: PcmPiece[] = [];
  const pieces = Array.from({ length: 20 }, (_, at) => ({
    samples: babble(1, 0.5).slice(at * 480 + 2000, at * 480 + 2480),
    sampleRate: RATE,
  }));
  for (const [index, piece] of pieces.entries()) {
    given.push(...check.push(piece));
    expect(given.length).toBe(index < 5 ? 0 : index + 1);
  }
  expect(given).toEqual(pieces);
  expect(given[3]).toBe(pieces[3] as PcmPiece);
});

test("tones, beeps and other sounds that are no voice are let through", () => {
  const beep = Float32Array.from({ length: text.length * 1200 }, (_, i) => 0.3 * Math.sin(i / 8));
  const sounds = [
    beep,
    sine(200, RATE, 1, 2),
    sine(1900, RATE, 0.5, 2),
    sine(6000, RATE, 0.7, 2),
    Float32Array.from({ length: RATE }, (_, at) => at / 32_768),
  ];
  for (const sound of sounds) expect(judge(sound)).toEqual({ heard: sound.length });
});

const TEXTS = [
  "Oh!",
  "7",
  "Shhh!",
  "Psst.",
  "Hmm.",
  "1234567890",
  "Aaaaaaaaargh!",
  "k",
  "Tsk tsk.",
  "She sells fresh fish, six sick hicks' sheep.",
  text,
];
const LANGUAGES: Record<string, string> = {
  de: "Der Drache brüllt, psst, und die Mauern zittern.",
  ru: "Тише! Щука шипит.",
  cmn: "你好，世界。龙在咆哮。",
  ar: "التنين يزأر",
  pl: "Szczebrzeszyn, chrząszcz brzmi w trzcinie.",
};

async function refused(engine: TTSEngine, said: string, voice: VoiceConfig): Promise<string[]> {
  const pieces: PcmPiece[] = [];
  for await (const piece of engine.synthesize(said, voice)) pieces.push(piece);
  const sound = joinPcm(pieces.map(({ samples }) => samples));
  const sampleRate = pieces[0]?.sampleRate ?? 0;
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const verdicts = [1, 1 / peak, 0.02 / peak].map((gain) =>
    judge(
      sound.map((sample) => sample * gain),
      { said, speed: voice.speed, sampleRate },
    ),
  );
  // As it is kept: at the table's loudness, with effects.
  const chain = new AudioChain({ capabilities: engine.capabilities, voice });
  const made = joinPcm([...pieces.map((piece) => chain.push(piece).samples), chain.flush().samples]);
  verdicts.push(judge(made, { said, speed: voice.speed }));
  return verdicts.flatMap(({ message }) =>
    message === undefined ? [] : [`${voice.voiceId}, "${said}": ${message}`],
  );
}

test("no voice, effect, speed, pitch or language of the engines that come along is refused, soft or at full scale", async () => {
  const found: string[] = [];
  const espeak = createEspeakEngine();
  const flite = createFliteEngine();
  const english = plainVoice("en-us");
  const voices = ["en-us+f3", "en-us+whisper", "en-us+croak", "en-us+Demonic"].map((voiceId) => ({
    ...english,
    voiceId,
  }));
  const changes = [{}, { speed: 4 }, { pitch: 24 }, { pitch: -24 }, { extra: { whisper: true } }];
  const effects = EFFECTS.map((effect) => ({ ...english, extra: { effects: [effect] } }));
  const each = [...voices, ...changes.map((change) => ({ ...english, ...change }))];
  for (const voice of each) for (const said of TEXTS) found.push(...(await refused(espeak, said, voice)));
  for (const voice of effects)
    for (const said of ["Shhh!", text]) found.push(...(await refused(espeak, said, voice)));
  for (const [language, said] of Object.entries(LANGUAGES))
    found.push(...(await refused(espeak, said, plainVoice(language))));
  for (const voiceId of ["slt", "rms", "awb", "kal16"])
    for (const said of ["Oh!", "7", "Psst.", text])
      found.push(...(await refused(flite, said, { ...english, voiceId })));
  expect(found).toEqual([]);
}, 120_000);

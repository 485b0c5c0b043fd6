import { expect, test } from "bun:test";
import type { PcmPiece, WordTime } from "../../../src/core/dsp/audio.ts";
import { LoudnessMeter } from "../../../src/core/dsp/loudness.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import type { EngineCapabilities } from "../../../src/engines/contract/engine.ts";
import { AudioChain, type AudioChainOptions } from "../../../src/engines/render/audio-chain.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";
import { babble, noise, peakOf, sine } from "../../support/sound.ts";

const RATE = 24_000;
const capabilities: EngineCapabilities = { streaming: true, wordTimes: true };
const voice = (changes: Partial<VoiceConfig> = {}): VoiceConfig => ({ ...plainVoice("en-us"), ...changes });

interface Heard {
  sound: Float32Array;
  words: WordTime[];
  chain: AudioChain;
}

function hear(pieces: readonly PcmPiece[], options: Partial<AudioChainOptions> = {}): Heard {
  const chain = new AudioChain({ capabilities, voice: voice(), ...options });
  const sounds = [...pieces.map((piece) => chain.push(piece)), chain.flush()];
  return {
    sound: joinPcm(sounds.map(({ samples }) => samples)),
    words: sounds.flatMap(({ words }) => [...words]),
    chain,
  };
}

function cut(sound: Float32Array<ArrayBuffer>, length: number, words?: readonly WordTime[]): PcmPiece[] {
  return Array.from({ length: Math.ceil(sound.length / length) }, (_, index) => ({
    samples: sound.slice(index * length, (index + 1) * length),
    sampleRate: RATE,
    ...(index === 0 && words && { words }),
  }));
}

const voiced = babble(2.1, 0.4).subarray(400, 2 * RATE + 400);
/** A second of silence and two words. */
const speech = joinPcm([new Float32Array(RATE), voiced]);
const words: WordTime[] = [
  [0, 3, 1000, 1900],
  [4, 5, 2000, 3000],
];
const onset = (sound: Float32Array) => sound.findIndex((sample) => Math.abs(sample) > 0.01) / (RATE / 1000);

test("words move with the silence that was cut before them", () => {
  for (const length of [480, 5000, speech.length]) {
    const { words: placed, sound } = hear(cut(speech, length, words));
    expect(placed).toEqual([
      [0, 3, 60, 960],
      [4, 5, 1060, 2060],
    ]);
    expect(sound.length).toBe(2.06 * RATE);
    expect(onset(sound)).toBeWithin(59, 63);
  }
});

test("words wait until it is known where they stand", () => {
  const chain = new AudioChain({ capabilities, voice: voice() });
  const [first, ...rest] = cut(speech, 12_000, words);
  expect(first && chain.push(first)).toMatchObject({ words: [] });
  expect(rest.flatMap((piece) => [...chain.push(piece).words])).toHaveLength(2);
});

test("speed and pitch are the engine's, unless it says that it has none", () => {
  const changed = voice({ speed: 2, pitch: 4 });
  expect(hear(cut(speech, 4800), { voice: changed }).sound.length).toBe(2.06 * RATE);
  const none = { ...capabilities, prosody: { speed: false, pitch: false } };
  const fast = hear(cut(speech, 4800, words), { voice: changed, capabilities: none });
  expect(fast.sound.length / RATE).toBeWithin(1, 1.06);
  expect(fast.words).toEqual([
    [0, 3, 30, 480],
    [4, 5, 530, 1030],
  ]);
  const only = { ...capabilities, prosody: { pitch: false } };
  expect(hear(cut(speech, 4800), { voice: changed, capabilities: only }).sound.length / RATE).toBeWithin(
    2,
    2.1,
  );
});

test("an effect that is slower takes the words along, and rings on after the last", () => {
  const giant = hear(cut(speech, 4800, words), { voice: voice({ extra: { effects: "giant" } }) });
  expect(giant.words[0]).toEqual([0, 3, 67, 1067]);
  const cave = hear(cut(speech, 4800), { voice: voice({ extra: { effects: ["cave"] } }) });
  expect(cave.sound.length / RATE).toBeWithin(2.5, 4.6);
});

test("it is known whether the voice itself is changed", () => {
  const changes = (options: Partial<AudioChainOptions>) =>
    new AudioChain({ capabilities, voice: voice(), ...options }).changesVoice;
  const slow = { ...capabilities, prosody: { speed: false } };
  expect(changes({})).toBe(false);
  expect(changes({ voice: voice({ speed: 1.2 }) })).toBe(false);
  expect(changes({ capabilities: slow })).toBe(false);
  expect(changes({ capabilities: slow, voice: voice({ speed: 1.2 }) })).toBe(true);
  expect(changes({ voice: voice({ extra: { effects: ["radio"] } }) })).toBe(true);
});

test("an engine that has a whole sentence at once is at the right level from its first sample", () => {
  const soft = cut(babble(3, 0.01), 4800);
  const firstSecond = (sound: Float32Array) => {
    const meter = new LoudnessMeter(RATE);
    meter.push(sound.subarray(0, RATE));
    return meter.lufs as number;
  };
  expect(firstSecond(hear(soft, { capabilities: { ...capabilities, streaming: false } }).sound)).toBeWithin(
    -19.2,
    -16.8,
  );
});

test("the first sound of a voice that is known leaves with its first piece", () => {
  const chain = new AudioChain({ capabilities, voice: voice(), level: { lufs: -20, ms: 5000 } });
  const [first] = cut(speech.slice(RATE), 1200);
  // 5 ms of it are looked ahead at.
  expect(first && chain.push(first).samples.length).toBeWithin(1000, 1200);
});

test("nothing goes over the ceiling, however loud the engine", () => {
  const { sound } = hear(cut(babble(3, 3), 480), { level: { lufs: -40, ms: 9000 } });
  expect(peakOf(sound)).toBeLessThan(10 ** (-1 / 20));
});

test("a sentence of nothing but silence is a pause as long as it was", () => {
  const { sound, words: placed } = hear(cut(new Float32Array(12_000), 480, words));
  expect(sound).toEqual(new Float32Array(12_000));
  expect(placed).toEqual(words);
});

test("an engine's broken numbers cost a moment, not the sentence", () => {
  const spoilt = speech.slice();
  spoilt.fill(Number.NaN, RATE + 6000, RATE + 6010);
  spoilt[RATE + 7000] = Number.POSITIVE_INFINITY;
  const { sound, chain } = hear(cut(spoilt, 480));
  expect(sound.every(Number.isFinite)).toBe(true);
  expect(peakOf(sound)).toBeLessThan(10 ** (-1 / 20));
  expect(peakOf(sound.subarray(-RATE))).toBeGreaterThan(0.1);
  expect(chain.level?.lufs).toBeWithin(-40, 0);
});

test("an offset hides no silence and takes no room", () => {
  const { sound } = hear(
    cut(
      speech.map((sample) => sample + 0.2),
      480,
    ),
  );
  expect(sound.length).toBe(2.06 * RATE);
  const mean = sound.reduce((sum, sample) => sum + sample, 0) / sound.length;
  expect(Math.abs(mean)).toBeLessThan(0.002);
});

test.each([8000, 16_000, 22_050, 44_100, 48_000])(
  "at %d Hz it lasts as long and is as high",
  (sampleRate) => {
    const pieces = [{ samples: sine(220, sampleRate, 0.4, 2), sampleRate }];
    const { sound } = hear(pieces);
    expect(sound.length).toBe(2 * RATE);
    const rises = sound.filter((sample, i) => i > 0 && sample >= 0 && (sound[i - 1] as number) < 0);
    expect(rises.length).toBeWithin(438, 441);
  },
);

test.each([0, 22_050.5, Number.NaN, 500_000])("%d Hz is no sample rate", (sampleRate) => {
  const chain = new AudioChain({ capabilities, voice: voice() });
  expect(() => chain.push({ samples: sine(220, RATE, 0.4, 0.1), sampleRate })).toThrow(
    /the engine gave sound at .* Hz; a whole number from 4000 to 192000 is expected/,
  );
});

test("how the engine cuts its sound makes no difference, with everything at once", () => {
  const none = { ...capabilities, prosody: { speed: false, pitch: false } };
  const options = {
    capabilities: none,
    voice: voice({ speed: 1.2, pitch: -3, extra: { effects: ["spirit", "radio"] } }),
  };
  const short = joinPcm([new Float32Array(3000), voiced.subarray(0, RATE / 2)]);
  const whole = hear(cut(short.slice(), short.length), options).sound;
  const sample = hear(cut(short.slice(), 1), options).sound;
  const nothing = { samples: new Float32Array(0), sampleRate: RATE };
  const gaps = hear(
    [nothing, ...cut(short.slice(), 777).flatMap((piece) => [piece, nothing])],
    options,
  ).sound;
  expect(sample).toEqual(whole);
  expect(gaps).toEqual(whole);
});

test("a sentence that is shorter than any window is heard whole", () => {
  for (const length of [1, 20, 200, 2000]) {
    const { sound } = hear(cut(noise(length, 0.3), length));
    expect(sound.length).toBe(length);
  }
});

test("silence teaches nothing of a voice, and takes nothing away from what is known", () => {
  expect(hear(cut(new Float32Array(RATE), 480)).chain.level).toBeUndefined();
  const level = { lufs: -25, ms: 4000 };
  expect(hear(cut(new Float32Array(RATE), 480), { level }).chain.level).toMatchObject(level);
});

test("what a wrong guess cost in peaks is not made up for in the next sentence", () => {
  // The guess hears the soft beginning alone.
  const shout = cut(joinPcm([babble(0.3, 0.01), babble(1, 2)]), 480);
  expect(hear(shout).chain.level?.lostDb).toBe(0);
  const known = { lufs: -25, ms: 9000 };
  expect(hear(cut(babble(2, 2), 480), { level: known }).chain.level?.lostDb).toBeGreaterThan(1);
});

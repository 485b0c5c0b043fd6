import { expect, test } from "bun:test";
import type { PcmPiece, WordTime } from "../../src/core/audio.ts";
import { LoudnessMeter } from "../../src/core/loudness.ts";
import { joinPcm } from "../../src/core/pcm.ts";
import type { EngineCapabilities } from "../../src/engines/engine.ts";
import { SoundChain, type SoundChainOptions } from "../../src/engines/sound-chain.ts";
import { plainVoice, type VoiceConfig } from "../../src/voices/voice-config.ts";
import { babble, peakOf } from "../support/sound.ts";

const RATE = 24_000;
const capabilities: EngineCapabilities = { streaming: true, wordTimes: true };
const voice = (changes: Partial<VoiceConfig> = {}): VoiceConfig => ({ ...plainVoice("en-us"), ...changes });

interface Heard {
  sound: Float32Array;
  words: WordTime[];
  chain: SoundChain;
}

function hear(pieces: readonly PcmPiece[], options: Partial<SoundChainOptions> = {}): Heard {
  const chain = new SoundChain({ capabilities, voice: voice(), ...options });
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
  const chain = new SoundChain({ capabilities, voice: voice() });
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
  const changes = (options: Partial<SoundChainOptions>) =>
    new SoundChain({ capabilities, voice: voice(), ...options }).changesVoice;
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
  const chain = new SoundChain({ capabilities, voice: voice(), level: { lufs: -20, ms: 5000 } });
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

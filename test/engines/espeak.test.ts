import { describe, expect, test } from "bun:test";
import type { PcmPiece, WordTime } from "../../src/core/audio.ts";
import { BardcastError } from "../../src/core/errors.ts";
import { joinPcm } from "../../src/core/pcm.ts";
import { createEspeakEngine } from "../../src/engines/espeak.ts";
import type { VoiceConfig } from "../../src/voices/voice-config.ts";

const engine = createEspeakEngine();
const LINE = "The dragon roars, and the walls of the old keep tremble.";

interface Spoken {
  pieces: PcmPiece[];
  samples: Float32Array;
  words: readonly WordTime[];
  seconds: number;
}

async function speak(text: string, voice: Partial<VoiceConfig> = {}): Promise<Spoken> {
  const pieces: PcmPiece[] = [];
  const usual: VoiceConfig = {
    voiceId: "en-us",
    language: "en-us",
    speed: 1,
    pitch: 0,
    outputFormat: "wav",
    extra: {},
  };
  for await (const piece of engine.synthesize(text, { ...usual, ...voice })) pieces.push(piece);
  const samples = joinPcm(pieces.map((piece) => piece.samples));
  const words = pieces.flatMap((piece) => [...(piece.words ?? [])]);
  return { pieces, samples, words, seconds: samples.length / 22_050 };
}

/** The words of the text whose times are known. */
function spokenWords(text: string, { words }: Spoken): string[] {
  return words.map(([start, length]) => text.slice(start, start + length));
}

/** Median of the fundamental in Hz of the loud parts, by autocorrelation. */
function fundamental({ samples }: Spoken): number {
  const found: number[] = [];
  for (let at = 0; at + 2048 < samples.length; at += 1024) {
    const frame = samples.subarray(at, at + 2048);
    const energy = correlation(frame, 0);
    if (energy < 5) continue;
    let [best, most] = [0, 0];
    for (let lag = 55; lag <= 370; lag++) {
      const value = correlation(frame, lag);
      if (value > most) [best, most] = [lag, value];
    }
    if (most > energy * 0.5) found.push(22_050 / best);
  }
  return found.sort((one, other) => one - other)[found.length >> 1] ?? 0;
}

function correlation(frame: Float32Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < frame.length; at++) sum += (frame[at] as number) * (frame[at - lag] as number);
  return sum;
}

describe("eSpeak", () => {
  test("is there, warms up as often as one likes, and knows its languages", async () => {
    expect(engine.supportedLanguages()).toEqual(["*"]);
    expect(await engine.isAvailable()).toBe(true);
    await engine.warmup();
    await engine.warmup();
    expect(engine.supportedLanguages()).toEqual(
      expect.arrayContaining(["en-us", "it", "de", "fr", "cmn", "zh"]),
    );
  });

  test("speaks in pieces that are worth sending", async () => {
    const { pieces, seconds } = await speak(LINE);
    expect(seconds).toBeWithin(2, 5);
    expect(pieces.length).toBeWithin(seconds * 3, seconds * 10);
    expect(pieces.every(({ sampleRate }) => sampleRate === 22_050)).toBe(true);
  });

  test("says the same thing in the same way, whatever was said before", async () => {
    const first = await speak(LINE, { voiceId: "en-us+f3" });
    await speak("Etwas ganz anderes, mit anderem Tempo.", { voiceId: "de", speed: 1.5, pitch: -4 });
    expect((await speak(LINE, { voiceId: "en-us+f3" })).samples).toEqual(first.samples);
  });

  test("speaks again after it was shut down", async () => {
    const { samples } = await speak(LINE);
    await engine.shutdown();
    expect((await speak(LINE)).samples).toEqual(samples);
  });

  test("does not begin when it was cancelled before", async () => {
    const signal = AbortSignal.abort();
    const voice = {
      voiceId: "en",
      language: "en",
      speed: 1,
      pitch: 0,
      outputFormat: "wav",
      extra: {},
    } as const;
    const pieces = engine.synthesize(LINE, voice, { signal })[Symbol.asyncIterator]();
    await expect(pieces.next()).rejects.toBe(signal.reason);
  });
});

describe("eSpeak's voices", () => {
  test.each([
    ["en-US", "en-us"],
    ["EN-us+F3", "en-us+f3"],
    ["it-IT", "it"],
    ["en-GB", "en-gb"],
    ["zh", "cmn"],
    ["zh-CN", "cmn"],
    ["fr", "fr-fr"],
    ["EN", "en"],
    ["gmw/en-US", "en-us"],
    ["it+no-such-variant", "it"],
  ])("%s is %s", async (voiceId, same) => {
    const text = "Hello 42";
    expect((await speak(text, { voiceId })).samples).toEqual((await speak(text, { voiceId: same })).samples);
  });

  test("sound different in every language and with every variant", async () => {
    const ids = ["en-us", "en-gb", "en-us+f3", "it", "de", "fr", "es", "cmn"];
    const spoken = await Promise.all(ids.map((voiceId) => speak("Taverna 42", { voiceId })));
    expect(new Set(spoken.map(({ samples }) => Bun.hash(samples.buffer as ArrayBuffer))).size).toBe(
      ids.length,
    );
  });

  test.each(["en-US-GuyNeural", "no-such-voice", "", "+f3"])(
    "the id %p of another engine gives way to the language",
    async (voiceId) => {
      const variant = voiceId.endsWith("+f3") ? "+f3" : "";
      const { samples } = await speak("Buongiorno", { voiceId, language: "it-IT" });
      expect(samples).toEqual((await speak("Buongiorno", { voiceId: `it${variant}` })).samples);
    },
  );

  test("that nobody knows, in a language that nobody knows, are an error with both names", async () => {
    const error = await speak(LINE, { voiceId: "GuyNeural", language: "xx-yy" }).catch((reason) => reason);
    expect(error).toBeInstanceOf(BardcastError);
    expect(error).toMatchObject({ code: "voice-unknown" });
    expect(error.message).toContain("GuyNeural");
    expect(error.message).toContain("xx-yy");
  });
});

describe("eSpeak's prosody", () => {
  test("speed 2 takes half the time, and the extremes are bounded", async () => {
    const [normal, fast] = [await speak(LINE), await speak(LINE, { speed: 2 })];
    expect(fast.seconds / normal.seconds).toBeWithin(0.4, 0.6);
    const [endless, bounded] = [await speak(LINE, { speed: 0.001 }), await speak(LINE, { speed: 80 / 175 })];
    expect(endless.samples).toEqual(bounded.samples);
  });

  test("6 semitones up raise the voice by about as much", async () => {
    const text = "Oh, we all know you were away.";
    const [normal, high] = [await speak(text), await speak(text, { pitch: 6 })];
    expect(fundamental(high) / fundamental(normal)).toBeWithin(1.25, 1.6);
  });
});

describe("eSpeak's word times", () => {
  test.each([
    ["Fire & ice <b>burn</b> café 😀 now!", ["Fire", "&", "ice", "b", "burn", "/", "b", "café", "😀", "now"]],
    ["It costs 1,234 gold, don't it?", ["It", "costs", "1,234", "gold", "don't", "it"]],
    ["“Hello” … 👨‍👩‍👧 said Élise.", ["Hello", "👨‍👩‍👧", "said", "Élise"]],
  ])("line up with %s", async (text, words) => {
    expect(spokenWords(text, await speak(text))).toEqual(words);
  });

  test("follow each other without gaps or overlaps, up to the end of what is heard", async () => {
    const { words, seconds } = await speak(`${LINE} Run! 1,234 of them, & more…`);
    let before = 0;
    for (const [, , start, end] of words) {
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThan(start);
      before = end;
    }
    expect(words[0]?.[2]).toBe(0);
    expect(before).toBeWithin(seconds * 950, seconds * 1001);
  });

  test("come with the first piece", async () => {
    const { pieces, words } = await speak(LINE);
    expect(pieces[0]?.words).toEqual(words);
  });
});

describe("what eSpeak would take for commands", () => {
  test("is read out", async () => {
    const plain = await speak("Visit (Waterdeep) now.");
    expect((await speak("Visit [Waterdeep] now.")).samples).toEqual(plain.samples);
    expect(spokenWords("Visit [[Waterdeep]] now.", await speak("Visit [[Waterdeep]] now."))).toEqual([
      "Visit",
      "Waterdeep",
      "now",
    ]);
    expect((await speak("a <break time='9s'/> b")).seconds).toBeLessThan(8);
    expect(spokenWords("x &lt; y", await speak("x &lt; y"))).toContain("lt");
  });

  test("does nothing where it cannot be read", async () => {
    const text = "One\u0000 two\u0001+50S \ud800three";
    expect(spokenWords(text, await speak(text))).toContain("three");
  });
});

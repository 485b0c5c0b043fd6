import { describe, expect, test } from "bun:test";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";
import { fundamental } from "../../fixtures/engines/fundamental.ts";
import { type Spoken, speakWith, spokenWords } from "../../fixtures/engines/spoken.ts";

const engine = createEspeakEngine();
const LINE = "The dragon roars, and the walls of the old keep tremble.";

function speak(text: string, voice: Partial<VoiceConfig> = {}): Promise<Spoken> {
  return speakWith(engine, text, voice);
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

  test("says long sentences to their end, however many went before", async () => {
    const lines = [
      "The old dragon looks at the party and slowly begins to speak of the treasure which lies beneath the mountain.",
      "A cold wind blows through the hall, and all the torches go out at once, while somewhere far below a door is opened.",
      "You follow the narrow stairs down into the dark, and behind you the stone closes with a sound like thunder, so that there is no way to return.",
    ];
    const heard = async (text: string): Promise<string | undefined> =>
      spokenWords(text, await speak(text)).at(-1);
    for (const last of ["mountain", "opened", "return", "mountain", "opened", "return"])
      expect(await heard(lines.find((line) => line.endsWith(`${last}.`)) ?? "")).toBe(last);
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

test("phonetic letters are heard, and told as the word that is written", async () => {
  const engine = createEspeakEngine();
  const say = async (text: string, ipa: readonly (readonly [number, number, string])[]) => {
    const pieces = await Array.fromAsync(engine.synthesize(text, plainVoice("en-us"), { ipa }));
    return {
      samples: pieces.reduce((sum, piece) => sum + piece.samples.length, 0),
      words: pieces[0]?.words ?? [],
    };
  };
  const plain = await say("The Mjk waits.", []);
  const phonetic = await say("The Mjk waits.", [[4, 3, "ˈmjoʊlnɪr"]]);
  expect(phonetic.samples).not.toBe(plain.samples);
  expect(phonetic.words.map(([start, length]) => "The Mjk waits.".slice(start, start + length))).toEqual([
    "The",
    "Mjk",
    "waits",
  ]);
});

import { describe, expect, test } from "bun:test";
import { BardcastError } from "../../../src/core/errors.ts";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import type { VoiceConfig } from "../../../src/voices/voice-config.ts";
import { type Spoken, speakWith } from "../../fixtures/engines/spoken.ts";

const engine = createEspeakEngine();
const LINE = "The dragon roars, and the walls of the old keep tremble.";

function speak(text: string, voice: Partial<VoiceConfig> = {}): Promise<Spoken> {
  return speakWith(engine, text, voice);
}

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

  test.each([
    ["en-us+m3", "en-us+whisper"],
    ["en-us", "en-us+whisper"],
    ["en-us+f2", "en-us+whisperf"],
    ["en-us+Alicia", "en-us+whisperf"],
    ["GuyNeural", "en-us+whisper"],
  ])("whispering, %s is %s", async (voiceId, same) => {
    const whispered = await speak(LINE, { voiceId, extra: { whisper: true } });
    expect(whispered.samples).toEqual((await speak(LINE, { voiceId: same })).samples);
    expect(whispered.samples).not.toEqual((await speak(LINE, { voiceId })).samples);
  });

  test("that nobody knows, in a language that nobody knows, are an error with both names", async () => {
    const error = await speak(LINE, { voiceId: "GuyNeural", language: "xx-yy" }).catch((reason) => reason);
    expect(error).toBeInstanceOf(BardcastError);
    expect(error).toMatchObject({ code: "voice-unknown" });
    expect(error.message).toContain("GuyNeural");
    expect(error.message).toContain("xx-yy");
  });
});

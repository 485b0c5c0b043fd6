import { describe, expect, test } from "bun:test";
import type { SherpaModel } from "../../../src/engines/sherpa/sherpa-model.ts";
import { chooseSpeaker } from "../../../src/engines/sherpa/sherpa-voices.ts";
import { memoryStore } from "../../../src/voices/text-store.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";
import { genderOf } from "../../../src/voices/voice-gender.ts";
import { VoiceRegistry } from "../../../src/voices/voice-registry.ts";

const speakerNames = ["af_heart", "am_adam", "bf_emma", "ef_dora", "em_alex", "pm_alex"];
const kokoro: SherpaModel = {
  family: "kokoro",
  paths: { voices: "voices.bin" },
  languages: ["en-us", "es", "fr", "hi", "it", "pt-br"],
  speakers: speakerNames.length,
  speakerNames,
  sampleRate: 24_000,
};
const piper: SherpaModel = {
  family: "vits",
  paths: {},
  languages: ["es"],
  speakers: 2,
  speakerNames: [],
  sampleRate: 22_050,
};
const voices = [
  { name: "kokoro", model: kokoro },
  { name: "davefx", model: piper },
];

function chosen(voiceId: string, language = "en-us") {
  const { name, parts, language: spoken } = chooseSpeaker(voices, { ...plainVoice(language), voiceId });
  return [name, parts.map(({ speaker, weight }) => [speaker, Number(weight.toFixed(3))]), spoken];
}

describe("a speaker of Kokoro", () => {
  test("reads text in the language of the voice, English as at home", () => {
    expect(chosen("kokoro/af_heart")).toEqual(["kokoro", [[0, 1]], "en-us"]);
    expect(chosen("kokoro/bf_emma")).toEqual(["kokoro", [[2, 1]], "en-gb-x-rp"]);
    expect(chosen("kokoro/af_heart", "fr-ca")).toEqual(["kokoro", [[0, 1]], "fr"]);
    expect(chosen("kokoro/pm_alex", "pt")).toEqual(["kokoro", [[5, 1]], "pt-br"]);
    expect(chosen("kokoro/af_heart", "de")).toEqual(["kokoro", [[0, 1]], "en-us"]);
  });

  test("is chosen for a voice of another engine by language and gender", () => {
    const [name, parts, language] = chosen("pt-BR-AntonioNeural", "pt-br");
    expect([name, parts, language]).toEqual(["kokoro", [[5, 1]], "pt-br"]);
    expect(chosen("en-us+m3")[1]).toEqual([[1, 1]]);
  });

  test("comes after a voice whose own language it is", () => {
    expect(chosen("es", "es")[0]).toBe("davefx");
  });
});

describe("a mixture of speakers", () => {
  test("has shares that add up to one, with or without the name of its voice", () => {
    const wanted = [
      [0, 0.7],
      [1, 0.3],
    ];
    for (const id of ["kokoro/af_heart:0.7,am_adam:0.3", "AF_Heart:7, AM_Adam:3", "af_heart:0.7+am_adam:0.3"])
      expect(chosen(id)[1]).toEqual(wanted);
    expect(chosen("af_heart+am_adam+bf_emma")[1]).toEqual([
      [0, 0.333],
      [1, 0.333],
      [2, 0.333],
    ]);
  });

  test.each([
    ["kokoro/af_heart:0.7,nobody:0.3", /has no speaker "nobody"/],
    ["kokoro/af_heart:-1,am_adam:2", /is no mixture/],
    ["kokoro/af_heart:0,am_adam:0", /is no mixture/],
    ["kokoro/af_heart:much,am_adam", /is no mixture/],
    [`kokoro/${Array(9).fill("af_heart").join("+")}`, /up to 8 speakers/],
    ["davefx/0:0.5,1:0.5", /cannot be mixed/],
  ])("%s is none, and that is said", (id, said) => {
    expect(() => chosen(id)).toThrow(said);
  });

  test("can be written into voice_registry.yaml, and comes back when that is saved", async () => {
    const text = `dm_voice: { voice: "kokoro/af_heart:0.7,am_adam:0.3" }
npc_overrides:
  mara: kokoro/af_heart:0.4,bf_emma:0.6
  bob:
    voice: af_heart:0.4,bf_emma:0.6
  grim: { voice: am_adam:0.5+em_alex, pitch: -2 }
`;
    const store = memoryStore(text);
    const registry = await VoiceRegistry.open(store);
    registry.setNpcVoice("lia", { voice: "af_heart:1,ef_dora:1", pitch: 1 });
    await registry.save();
    const kept = await VoiceRegistry.open(store);
    expect(["dm", "mara", "bob", "grim", "lia"].map((name) => kept.getVoiceConfig(name).voiceId)).toEqual([
      "kokoro/af_heart:0.7,am_adam:0.3",
      "kokoro/af_heart:0.4,bf_emma:0.6",
      "af_heart:0.4,bf_emma:0.6",
      "am_adam:0.5+em_alex",
      "af_heart:1,ef_dora:1",
    ]);
  });

  test("is a woman or a man for other engines, as its first speaker is", () => {
    expect(genderOf("kokoro/af_heart:0.7,am_adam:0.3")).toBe("female");
    expect(genderOf("am_adam:0.5+em_alex")).toBe("male");
    expect(genderOf("en-us+f3")).toBe("female");
  });
});

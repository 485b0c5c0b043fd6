import { expect, test } from "bun:test";
import { BUILTIN_ENGINES, engineName, isIsolated, loadEngine } from "../../src/engines/catalogue.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { createParty } from "../../src/party/create-party.ts";
import { engineNamed, shippedName } from "../../src/voices/engine-names.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";
import { ToneEngine } from "../support/tone-engine.ts";

test.each([
  ["edge-tts", "edge"],
  ["Edge", "edge"],
  ["Edge TTS", "edge"],
  ["EDGE_TTS", "edge"],
  ["espeak-ng", "espeak"],
  ["eSpeak NG", "espeak"],
  ["Flite", "flite"],
  ["piper", "sherpa"],
  ["Kokoro", "sherpa"],
  ["sherpa-onnx", "sherpa"],
  ["openai-tts", "openai"],
  ["OpenAI", "openai"],
  ["ElevenLabs", "elevenlabs"],
  ["eleven_labs", "elevenlabs"],
  ["Deepgram", "deepgram"],
  ["CARTESIA", "cartesia"],
  ["Wyoming", "wyoming"],
])("%s is the engine %s", async (called, name) => {
  expect(shippedName(called)).toBe(name);
  expect(engineNamed(called, BUILTIN_ENGINES)).toBe(name);
  expect(engineName(called)).toBe(name);
  expect(isIsolated(called)).toBe(name === "sherpa");
});

test("an engine that ships is loaded by what people call it, and reported by its name", async () => {
  expect((await loadEngine("Edge-TTS")).name).toBe("edge");
  expect((await loadEngine({ engine: "espeak-ng" } as never)).name).toBe("espeak");
  await expect(loadEngine("constructor")).rejects.toMatchObject({ code: "engine-unavailable" });
  const party = await createParty({ engines: ["eSpeak-NG" as "espeak"], pool: { size: 1 }, cache: false });
  expect((await party.status()).engines.map(({ name }) => name)).toEqual(["espeak"]);
  await party.close();
});

test("a voice finds its engine by what people call it, one that is called exactly so first", async () => {
  const engines = ["first", "edge", "Beep Beep", "Piper"].map((name) => new ToneEngine({ name }));
  const router = new TTSRouter({ engines, tiers: { fallback: ["Edge-TTS"] } });
  const found = async (engine: unknown): Promise<string> => {
    const voice = { ...plainVoice("en"), extra: { engine } };
    return (await router.getEngineForContext("default", voice)).name;
  };
  expect(await found("edge-tts")).toBe("edge");
  expect(await found("EDGE")).toBe("edge");
  expect(await found("beep_beep")).toBe("Beep Beep");
  expect(await found("piper")).toBe("Piper");
  for (const unknown of ["nobody", 7, undefined, "__proto__"]) expect(await found(unknown)).toBe("first");
  expect((await router.getStatus())[1]?.tiers).toContain("fallback");
  await router.shutdown();
});

test("an engine of one's own under another of its names is found by the name it ships under", () => {
  expect(engineNamed("edge", ["first", "edge-tts"])).toBe("edge-tts");
  expect(engineNamed("edge-tts", ["edge", "edge-tts"])).toBe("edge-tts");
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpeakingEngine } from "../../../src/engines/contract/sentence-job.ts";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import { readOnnxMetadata } from "../../../src/engines/sherpa/onnx-metadata.ts";
import { createSherpaEngine } from "../../../src/engines/sherpa/sherpa.ts";
import { createSpeechHost } from "../../../src/pool/create-speech-host.ts";
import type { SpeechHost } from "../../../src/pool/speech-host.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";
import { type Spoken, speakWith } from "../../fixtures/engines/spoken.ts";
import { codeOf, collect, job, messages, tone } from "../../pool/speaking.ts";
import { writeEspeakData } from "../../support/espeak-data.ts";
import {
  SPEAKERS,
  writeKittenVoice,
  writeKokoroVoice,
  writeMatchaVoice,
  writeStockPiperVoice,
  writeVitsVoice,
} from "../../support/stand-in-voices.ts";

const dir = mkdtempSync(join(tmpdir(), "bardcast-voices-"));
let host: SpeechHost;
let engine: SpeakingEngine;

beforeAll(async () => {
  await writeVitsVoice(`${dir}/vits`);
  await writeKokoroVoice(`${dir}/kokoro`);
  await writeKittenVoice(`${dir}/kitten`);
  await writeStockPiperVoice(`${dir}/stock`);
  await writeMatchaVoice(`${dir}/matcha`);
  await writeEspeakData(`${dir}/espeak-ng-data`);
  process.env.BARDCAST_VOICES_DIR = dir;
  host = await createSpeechHost({ engines: ["sherpa"], log: (message) => console.error(message) });
  engine = host.engines[0] as SpeakingEngine;
});

afterAll(async () => {
  delete process.env.BARDCAST_VOICES_DIR;
  await host.close();
  await rm(dir, { recursive: true });
});

function speak(voiceId: string, voice: Partial<VoiceConfig> = {}): Promise<Spoken> {
  return speakWith(engine, "hello there", { voiceId, ...voice });
}

test("sherpa speaks English with what is installed", async () => {
  expect(await engine.isAvailable()).toBe(true);
  expect(engine.supportedLanguages()).toEqual(["en-us"]);
  expect(host.status()).toMatchObject({ workers: 1 });
});

describe.each([
  ["vits", 22_050],
  ["stock", 22_050],
  ["kokoro", 24_000],
  ["kitten", 24_000],
] as const)("a voice of %s", (name, rate) => {
  test("speaks, each of its speakers in their own way, the same each time", async () => {
    const [first, again, other] = [await speak(name), await speak(`${name}/0`), await speak(`${name}/1`)];
    expect(first.sampleRate).toBe(rate);
    expect(first.seconds).toBeGreaterThan(0.3);
    expect(Math.max(...first.samples)).toBeGreaterThan(0.1);
    expect(again.samples).toEqual(first.samples);
    expect(Bun.hash(other.samples.buffer as ArrayBuffer)).not.toBe(
      Bun.hash(first.samples.buffer as ArrayBuffer),
    );
  });

  test("is as quick as it is told to be", async () => {
    const [normal, fast] = [await speak(name), await speak(name, { speed: 2 })];
    expect(fast.seconds / normal.seconds).toBeWithin(0.4, 0.6);
  });

  test("has no speaker beyond the last", async () => {
    const error = await speak(`${name}/99`).catch((reason) => reason);
    expect(error).toMatchObject({ code: "voice-unknown" });
    expect(error.message).toMatch(/has no speaker "99", it has speakers 0 to \d/);
  });
});

test("a voice of matcha speaks, with its vocoder", async () => {
  const [one, other] = [await speak("matcha"), await speakWith(engine, "hello", { voiceId: "matcha" })];
  expect(one.sampleRate).toBe(22_050);
  expect(one.seconds).toBeGreaterThan(other.seconds);
  expect(Math.max(...one.samples)).toBeGreaterThan(0.1);
});

test("speakers have names", async () => {
  const [byName, byNumber] = [await speak(`kokoro/${SPEAKERS[2]}`), await speak("kokoro/2")];
  expect(byName.samples).toEqual(byNumber.samples);
});

test("a mixture of speakers lies between them, and needs no name of a voice before it", async () => {
  const [between, mixture] = [await speak("kokoro/am_b"), await speak("kokoro/af_a:0.5,bf_c:0.5")];
  expect(loudestDifference(between.samples, mixture.samples)).toBeLessThan(0.01);
  const other = await speak("kokoro/af_a:3+bf_c");
  expect(loudestDifference(between.samples, other.samples)).toBeGreaterThan(0.1);
  expect((await speak("af_a:0.5,bf_c:0.5")).samples).toEqual(mixture.samples);
  expect((await speak("am_b")).samples).toEqual(between.samples);
});

test("a mixture is there again after a restart, without pushing out another", async () => {
  const again = createSherpaEngine({ voicesDir: dir });
  const [old, fresh] = [
    await speak("kokoro/am_b+bf_c"),
    await speakWith(again, "hello there", { voiceId: "kokoro/am_b+bf_c" }),
  ];
  expect(loudestDifference(old.samples, fresh.samples)).toBeLessThan(0.02);
  for (const voiceId of ["kokoro/af_a:0.9,bf_c:0.1", "kokoro/af_a:0.8,bf_c:0.2", "kokoro/af_a:0.7,bf_c:0.3"])
    await speak(voiceId);
  // The model has three speakers, so that three mixtures are kept.
  expect((await Bun.file(`${dir}/.blends/kokoro.txt`).text()).trim().split("\n")).toHaveLength(3);
  expect((await speak("kokoro/am_b+bf_c")).samples).toEqual(old.samples);
});

test("a voice of another engine gets a speaker of its language, always the same one", async () => {
  for (const id of ["en-us+f3", "en-us+m5", "GuyNeural", "", "en-gb+croak"]) {
    expect((await speak(id)).samples).toEqual((await speak(id)).samples);
  }
  // The first voice is Kitten, whose only man is its second speaker.
  expect((await speak("en-us+m5")).samples).toEqual((await speak("kitten/1")).samples);
  const error = await speak("it", { language: "it" }).catch((reason) => reason);
  expect(error).toMatchObject({ code: "voice-unknown" });
  expect(error.message).toContain("kokoro");
});

test("a voice of the Piper project keeps its bytes, and gets its metadata behind them", async () => {
  const model = `${dir}/stock/en_US-stand_in-low.onnx`;
  const metadata = await readOnnxMetadata(model);
  expect(metadata?.get("sample_rate")).toBe("22050");
  expect((await speak("stock/cat")).samples).toEqual((await speak("stock/2")).samples);
  await writeStockPiperVoice(`${dir}/.fresh`);
  const [fresh, adopted] = [Bun.file(`${dir}/.fresh/en_US-stand_in-low.onnx`), Bun.file(model)];
  expect(new Uint8Array(await adopted.slice(0, fresh.size).arrayBuffer())).toEqual(await fresh.bytes());
  expect(adopted.size - fresh.size).toBeWithin(100, 400);
});

test("a line that is cancelled ends, and the next one is spoken", async () => {
  const abort = new AbortController();
  const line = collect(
    engine.speak({ ...job("hello ".repeat(400)), voice: plainVoice("en-us") }, { signal: abort.signal }),
  );
  abort.abort();
  expect(await codeOf(line)).toBe("cancelled");
  expect(messages(await collect(engine.speak(job("hello"))))).not.toBeEmpty();
  expect(host.status().restarts).toBe(0);
});

describe("a voice that cannot be used", () => {
  test.each([
    [
      "a model cut short",
      async (folder: string) => {
        await writeVitsVoice(folder);
        const file = Bun.file(`${folder}/model.onnx`);
        await writeFile(`${folder}/model.onnx`, (await file.bytes()).slice(0, 300));
      },
      "a broken model",
    ],
    ["no model", async (folder: string) => mkdir(folder), "no .onnx model"],
    [
      "a page instead of a model",
      async (folder: string) => {
        await mkdir(folder);
        await writeFile(`${folder}/model.onnx`, "<!doctype html>");
      },
      "a broken model",
    ],
  ])("for %s is said so, and ends no process", async (_what, write, said) => {
    const alone = mkdtempSync(join(tmpdir(), "bardcast-broken-"));
    await write(`${alone}/broken`);
    process.env.BARDCAST_VOICES_DIR = alone;
    const log: string[] = [];
    const broken = await createSpeechHost({ engines: ["sherpa"], log: (message) => void log.push(message) });
    process.env.BARDCAST_VOICES_DIR = dir;
    expect(log).toHaveLength(1);
    expect(log[0]).toContain(said);
    expect(broken.status()).toMatchObject({ workers: 1, restarts: 0 });
    await broken.close();
    await rm(alone, { recursive: true });
  });
});

test("a model over which the library ends its process costs the table nothing: the next engine speaks", async () => {
  const alone = mkdtempSync(join(tmpdir(), "bardcast-fatal-"));
  // sherpa-onnx ends its process where the sample rate is missing.
  await writeVitsVoice(`${alone}/fatal`, { sample_rate: "" });
  process.env.BARDCAST_VOICES_DIR = alone;
  const fatal = await createSpeechHost({ engines: ["sherpa", tone()], size: 1 });
  const speech = await new TTSRouter({ engines: fatal.engines }).speak({
    ...job(),
    voice: { ...plainVoice("en-us"), extra: { engine: "sherpa" } },
  });
  expect(speech.engine).toBe("tone");
  expect(messages(await collect(speech.events))).not.toBeEmpty();
  // It took its process with it; there is another one.
  while (fatal.status().restarts < 1) await Bun.sleep(20);
  process.env.BARDCAST_VOICES_DIR = dir;
  await fatal.close();
  await rm(alone, { recursive: true });
});

test("where there are no processes, WebAssembly says the same", async () => {
  const wasm = createSherpaEngine({ voicesDir: dir });
  for (const voiceId of ["vits/1", "stock", "kokoro/am_b", "kitten", "matcha"]) {
    const [native, same] = [await speak(voiceId), await speakWith(wasm, "hello there", { voiceId })];
    expect(same.sampleRate).toBe(native.sampleRate);
    expect(same.samples.length).toBe(native.samples.length);
    expect(loudestDifference(same.samples, native.samples)).toBeLessThan(0.02);
  }
});

function loudestDifference(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  return one.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (other[at] ?? 9))), 0);
}

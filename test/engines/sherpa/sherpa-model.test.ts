import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { semver } from "bun";
import manifest from "../../../package.json" with { type: "json" };
import type { SpeakingEngine } from "../../../src/engines/contract/sentence-job.ts";
import { requireKnown } from "../../../src/engines/sherpa/sherpa-library.ts";
import { findSherpaModel } from "../../../src/engines/sherpa/sherpa-model.ts";
import { createSpeechHost } from "../../../src/pool/create-speech-host.ts";
import { speakWith } from "../../fixtures/engines/spoken.ts";
import { writeEspeakData } from "../../support/espeak-data.ts";
import { writeKokoroVoice, writeStockPiperVoice } from "../../support/stand-in-voices.ts";

const dir = mkdtempSync(join(tmpdir(), "bardcast-models-"));
afterAll(() => rm(dir, { recursive: true }));

test("a model that reads two languages gets a lexicon for each, and not two for one", async () => {
  await writeKokoroVoice(`${dir}/kokoro`);
  await writeEspeakData(`${dir}/kokoro/espeak-ng-data`);
  for (const name of ["lexicon-gb-en.txt", "lexicon-us-en.txt", "lexicon-zh.txt"])
    await writeFile(`${dir}/kokoro/${name}`, "");
  const { paths } = await findSherpaModel(`${dir}/kokoro`);
  expect(paths.lexicon).toBe(`${dir}/kokoro/lexicon-us-en.txt,${dir}/kokoro/lexicon-zh.txt`);
});

test("a Kokoro of many languages speaks those for which eSpeak's data have rules", async () => {
  await writeKokoroVoice(`${dir}/many`, { version: 2 });
  await writeEspeakData(`${dir}/many/espeak-ng-data`, { all: true });
  const { languages, paths } = await findSherpaModel(`${dir}/many`);
  expect(languages).toEqual(["en-us", "es", "fr", "hi", "it", "pt-br"]);
  // Without, sherpa-onnx ends its process.
  expect(paths.lang).toBe("en-us");
  for (const rules of ["hi_dict", "it_dict"]) await rm(`${dir}/many/espeak-ng-data/${rules}`);
  expect((await findSherpaModel(`${dir}/many`)).languages).toEqual(["en-us", "es", "fr", "pt-br"]);
  expect((await findSherpaModel(`${dir}/kokoro`)).languages).toEqual(["en-us"]);
});

test("a Kokoro of many languages reads a text in the language of the voice", async () => {
  // In a process of its own: eSpeak takes the first data it is given for the rest of its life.
  const host = await createSpeechHost({ engines: [{ engine: "sherpa", options: { voicesDir: dir } }] });
  const engine = host.engines[0] as SpeakingEngine;
  expect(engine.supportedLanguages()).toContain("es");
  const say = (language: string) => speakWith(engine, "lluvia", { voiceId: "many", language });
  const [english, spanish, again] = [await say("en-us"), await say("es"), await say("es-mx")];
  expect(spanish.samples).not.toEqual(english.samples);
  expect(again.samples).toEqual(spanish.samples);
  await host.close();
});

test("the tokens that a Piper voice comes with are left as they are: somebody may be reading them", async () => {
  await writeStockPiperVoice(`${dir}/stock`);
  await writeEspeakData(`${dir}/espeak-ng-data`);
  await writeFile(`${dir}/stock/tokens.txt`, "a 1\n");
  await findSherpaModel(`${dir}/stock`, [`${dir}/espeak-ng-data`]);
  expect(readFileSync(`${dir}/stock/tokens.txt`, "utf8")).toBe("a 1\n");
});

test("a library that no longer reads such voices is refused, and it is told which to install", () => {
  expect(() => requireKnown("sherpa-onnx-node", "2.0.1")).toThrow("npm install sherpa-onnx-node@1");
  for (const version of ["1.13.8", undefined]) requireKnown("sherpa-onnx-node", version);
  for (const name of ["sherpa-onnx", "sherpa-onnx-node"] as const) {
    const range = manifest.peerDependencies[name];
    expect(["1.13.8", "1.99.0", "2.0.0"].map((version) => semver.satisfies(version, range))).toEqual([
      true,
      true,
      false,
    ]);
  }
});

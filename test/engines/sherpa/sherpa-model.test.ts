import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireKnown } from "../../../src/engines/sherpa/sherpa-library.ts";
import { findSherpaModel } from "../../../src/engines/sherpa/sherpa-model.ts";
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
});

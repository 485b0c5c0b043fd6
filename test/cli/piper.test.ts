import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { licenceIn, piperEntry } from "../../src/cli/voices/piper-entry.ts";
import { type Ran, ROOT, run } from "../support/run.ts";
import { writeStockPiperVoice } from "../support/stand-in-voices.ts";
import { VoiceServer } from "../support/voice-server.ts";

const COMMAND = [process.execPath, `${ROOT}/src/cli/main.ts`, "voices"];
const VOICE = "en_US-stand_in-low";
const FOLDER = "en/en_US/stand_in/low";
const CARD = "# Model card\n\n* URL: https://example.com/x\n* License: CC0\n";
const home = mkdtempSync(join(tmpdir(), "bardcast-piper-"));
let server: VoiceServer;
let dir: string;

beforeAll(() => writeStockPiperVoice(join(home, "source")));

beforeEach(async () => {
  await server?.stop();
  server = await VoiceServer.start();
  dir = mkdtempSync(join(home, "voices-"));
});

afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true });
});

/** Runs `bardcast voices …`. */
function voices(...args: string[]): Promise<Ran> {
  const env = { BARDCAST_VOICES_DIR: dir, BARDCAST_PIPER_URL: server.url, BARDCAST_VOICES_URL: server.url };
  return run([...COMMAND, ...args], { env });
}

/** Puts the voice into the server as the Piper project publishes it. @param tamper changes what its index says of a file */
function publish(tamper: (name: string, md5: string) => string = (_, md5) => md5): void {
  const files = [`${VOICE}.onnx`, `${VOICE}.onnx.json`, "MODEL_CARD"].map((name) => {
    const bytes =
      name === "MODEL_CARD"
        ? new TextEncoder().encode(CARD)
        : new Uint8Array(readFileSync(join(home, "source", name)));
    server.offer(`${FOLDER}/${name}`, bytes, null);
    const md5_digest = tamper(name, createHash("md5").update(bytes).digest("hex"));
    return [`${FOLDER}/${name}`, { size_bytes: bytes.length, md5_digest }];
  });
  const index = {
    [VOICE]: { language: { code: "en_US" }, num_speakers: 4, files: Object.fromEntries(files) },
  };
  server.offer("voices.json", new TextEncoder().encode(JSON.stringify(index)), null);
}

test("any voice of the Piper project is installed by its name, verified, and speaks", async () => {
  publish();
  const installed = await voices("install", `piper:${VOICE}`);
  expect(installed.exitCode, installed.output).toBe(0);
  expect(installed.stdout).toStartWith(`${VOICE}, 0 MB, licence: CC0\n`);
  expect(readdirSync(join(dir, VOICE)).sort()).toEqual([
    "MODEL_CARD",
    "bardcast.json",
    `${VOICE}.onnx`,
    `${VOICE}.onnx.json`,
    "tokens.txt",
  ]);
  expect(readdirSync(join(dir, ".downloads"))).toEqual([]);
  const origin = JSON.parse(readFileSync(join(dir, VOICE, "bardcast.json"), "utf8"));
  expect(origin).toMatchObject({ licence: "CC0", source: `${server.url}${FOLDER}/${VOICE}.onnx` });
  expect((await voices("list")).stdout).toContain("(ann, bob, cat, dan)");
  const out = join(dir, "said.wav");
  const tried = await voices("try", `${VOICE}/bob`, "hello", "--out", out);
  expect(tried.output).toStartWith("sherpa says it");
  expect(readFileSync(out).length).toBeGreaterThan(10_000);
}, 30_000);

test("one that is not what its index says is thrown away", async () => {
  publish((name, md5) => (name.endsWith(".onnx") ? "0".repeat(32) : md5));
  const { exitCode, output } = await voices("install", `piper:${VOICE}`);
  expect(exitCode).toBe(1);
  expect(output).toContain(`expected MD5 ${"0".repeat(32)}`);
  expect(readdirSync(dir)).toEqual([".downloads"]);
  expect(readdirSync(join(dir, ".downloads"))).toEqual([]);
});

test("a name that does not exist is answered with those of its language; one that cannot be, with how they look", async () => {
  publish();
  expect((await voices("install", "piper:en_US-nobody-high")).output).toContain(
    `has no voice "en_US-nobody-high"; in that language: ${VOICE}`,
  );
  expect((await voices("install", "piper:../../etc")).output).toContain("piper:en_GB-alba-medium");
});

test("a mirror without the index is asked for the same files, and vouches for none of them", async () => {
  const entry = await piperEntry("piper:en_GB-alba-medium", `${server.url}mirror`);
  expect(entry.files).toEqual([
    { path: "en/en_GB/alba/medium/en_GB-alba-medium.onnx", versions: [] },
    { path: "en/en_GB/alba/medium/en_GB-alba-medium.onnx.json", versions: [] },
    { path: "en/en_GB/alba/medium/MODEL_CARD", versions: [] },
  ]);
  expect(entry.baseUrl).toBe(`${server.url}mirror/`);
  const { exitCode, output } = await voices("install", "piper:en_GB-alba-medium");
  expect([exitCode, output.includes("--sha256")]).toEqual([1, true]);
});

test("a voice's file is added as it is, with eSpeak's data where there is none, and left as it was", async () => {
  const source = join(home, "own");
  await mkdir(source, { recursive: true });
  for (const end of ["onnx", "onnx.json"])
    await copyFile(join(home, `source/${VOICE}.${end}`), join(source, `mara.${end}`));
  const before = readFileSync(join(source, "mara.onnx"));
  const added = await voices("add", join(source, "mara.onnx"));
  expect(added.exitCode, added.output).toBe(0);
  expect(added.stdout).toContain("licence: see its MODEL_CARD");
  expect(readdirSync(dir).sort()).toEqual([".downloads", "espeak-ng-data", "mara"]);
  expect(readdirSync(join(dir, "espeak-ng-data"))).toContain("phontab");
  expect(readFileSync(join(source, "mara.onnx"))).toEqual(before);
  expect((await voices("list")).stdout).toContain("mara");
  expect((await voices("add", join(source, "mara.onnx"))).output).toContain("installed already");
}, 20_000);

test("a file that is no Piper voice is refused, and nothing of it is left", async () => {
  expect((await voices("add", join(home, "nothing.onnx"))).output).toContain("cannot be read");
  expect((await voices("add", join(home, "source"))).output).toContain("NAME.onnx.json beside it");
  await copyFile(join(home, `source/${VOICE}.onnx`), join(home, "bare.onnx"));
  expect((await voices("add", join(home, "bare.onnx"))).output).toContain("bare.onnx.json cannot be read");
  expect(readdirSync(dir).filter((name) => name !== ".downloads")).toEqual([]);
});

test("one that reads text in another way is refused: it would say noise", async () => {
  const path = join(home, "other.onnx");
  await copyFile(join(home, `source/${VOICE}.onnx`), path);
  const description = JSON.parse(readFileSync(join(home, `source/${VOICE}.onnx.json`), "utf8"));
  writeFileSync(`${path}.json`, JSON.stringify({ ...description, phoneme_type: "pinyin" }));
  const { exitCode, output } = await voices("add", path);
  expect([exitCode, output.includes('not known here ("pinyin")')]).toEqual([1, true]);
  expect(readdirSync(dir)).not.toContain("other");
});

test.each([
  ["* License: CC BY-NC-SA 4.0", "CC BY-NC-SA 4.0"],
  ["License: see [page](https://example.com)", "see [page](https://example.com)"],
  ["nothing", "see its MODEL_CARD"],
])("a card that says %p", (card, licence) => expect(licenceIn(`# Card\n${card}\n`)).toBe(licence));

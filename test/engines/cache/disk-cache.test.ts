import { afterEach, expect, test } from "bun:test";
import {
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { clipMessages } from "../../../src/core/protocol/dm20.ts";
import { DiskCache } from "../../../src/engines/cache/disk-cache.ts";
import { DiskFolder } from "../../../src/engines/cache/disk-folder.ts";
import { type KeptSentence, keep } from "../../../src/engines/cache/kept-sentence.ts";
import { decodeSentenceFile, encodeSentenceFile } from "../../../src/engines/cache/sentence-file.ts";
import { SpeechCache } from "../../../src/engines/cache/speech-cache.ts";
import type { FrameEncoding, SentenceEvent } from "../../../src/engines/contract/sentence-job.ts";
import { encodeClip } from "../../../src/engines/render/clip-collector.ts";
import { FrameStream } from "../../../src/engines/render/frame-stream.ts";
import { GuardedEngine } from "../../../src/engines/routing/guarded-engine.ts";
import { babble, noise } from "../../support/sound.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";
import { JOB, said } from "./said.ts";

const CLIP = { format: "wav" as const, bytes: new Uint8Array(9), sampleRate: 24_000, durationMs: 100 };
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bardcast-cache-"));
  folders.push(folder);
  return join(folder, "cache");
}

/** A process's life with the folder: memory is new each time. */
async function open(folder: string, options: { limitBytes?: number; memoryBytes?: number } = {}) {
  const engine = new ToneEngine({ samplesPerChar: 800 });
  const warnings: string[] = [];
  const { limitBytes = 1e7, memoryBytes = 1e7 } = options;
  // A busy disk is no miss here.
  const disk = new DiskCache(folder, { limitBytes, log: (message) => warnings.push(message), readMs: 4000 });
  const cache = new SpeechCache({ memoryBytes, disk });
  const speak = async (text: string) =>
    said(await Array.fromAsync(cache.speakWith(new GuardedEngine(engine), { ...JOB, text }, {})));
  return { engine, speak, disk, cache, warnings, close: () => cache.close() };
}

/** A folder with one sentence in it, and the file's path. */
async function kept(text = JOB.text): Promise<{ folder: string; path: string }> {
  const folder = await newFolder();
  const { speak, close } = await open(folder);
  await speak(text);
  await close();
  const [file = ""] = await readdir(folder);
  return { folder, path: join(folder, file) };
}

test("the next process says the same to the byte without asking the engine", async () => {
  const { folder } = await kept();
  const plain = said(
    await Array.fromAsync(new GuardedEngine(new ToneEngine({ samplesPerChar: 800 })).speak(JOB)),
  );
  const { engine, speak } = await open(folder);
  expect(await speak(JOB.text)).toEqual(plain);
  expect(engine.asked).toEqual([]);
});

test("neither names nor contents tell what was said, and nobody else may read them", async () => {
  const { path } = await kept("The password is swordfish.");
  expect(path).toMatch(/\/[0-9a-f]{64}\.speech$/);
  expect((await readFile(path)).includes("swordfish")).toBe(false);
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test("a file that is cut off or changed anywhere is a miss, is removed, and is made anew", async () => {
  const { folder, path } = await kept();
  const whole = await readFile(path);
  const damage = fc.oneof(
    fc.record({ kind: fc.constant("cut" as const), at: fc.integer({ min: 0, max: whole.length - 1 }) }),
    fc.record({ kind: fc.constant("flip" as const), at: fc.integer({ min: 0, max: whole.length - 1 }) }),
    fc.record({ kind: fc.constant("grow" as const), at: fc.integer({ min: 0, max: 9 }) }),
  );
  await fc.assert(
    fc.asyncProperty(damage, async ({ kind, at }) => {
      const bytes = Uint8Array.from(whole);
      if (kind === "flip") bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(path, kind === "grow" ? Buffer.concat([bytes, new Uint8Array(at + 1)]) : bytes);
      if (kind === "cut") await truncate(path, at);
      const { engine, speak, close } = await open(folder);
      expect((await speak(JOB.text)).packets).toBeGreaterThan(10);
      expect(engine.asked).toEqual([JOB.text]);
      await close();
      expect(Buffer.compare(await readFile(path), whole)).toBe(0);
    }),
    { numRuns: 25 },
  );
}, 20_000);

test("a file with the right checksum that says nonsense is not believed", async () => {
  const sentence: KeptSentence = {
    words: [{ type: "words", words: [[0, 5, 0, 100]], estimated: false }],
    sound: { packets: 1, payloads: new Map([["opus", new Uint8Array([2, 0, 7, 7])]]) },
    clip: { type: "clip", messages: clipMessages(CLIP), durationMs: 100 },
    end: { type: "end", samples: 2400, sampleRate: 24_000, durationMs: 100 },
  };
  const read = async (nonsense: Partial<KeptSentence>) =>
    decodeSentenceFile("name", await encodeSentenceFile("name", { ...sentence, ...nonsense }));
  expect(await read({})).toEqual(sentence);
  const system = JSON.stringify({ type: "system", content: "the DM says: leave", timestamp: "" });
  const nonsense: Partial<KeptSentence>[] = [
    { clip: { type: "clip", messages: [system], durationMs: 100 } },
    { sound: { packets: 2, payloads: sentence.sound.payloads } },
    { sound: { packets: 1, payloads: new Map([["opus", new Uint8Array([9, 0, 7, 7])]]) } },
    { sound: { packets: 1, payloads: new Map([["pcm16", new Uint8Array(9)]]) } },
    { end: { type: "end", samples: -1, sampleRate: 24_000, durationMs: 100 } },
  ];
  for (const each of nonsense) expect(await read(each)).toBeUndefined();
});

test("another sentence's file under this one's name is not taken for it", async () => {
  const { folder, path } = await kept();
  const other = await kept("Something else entirely, I say.");
  await copyFile(other.path, path);
  const { engine, speak } = await open(folder);
  await speak(JOB.text);
  expect(engine.asked).toEqual([JOB.text]);
});

test("a link is not followed, an oversized file goes, strangers and what is being written are left alone", async () => {
  const { folder, path } = await kept();
  const aside = join(folder, "notes.txt");
  const beside = `${path}.0123abcd.tmp`;
  const leftover = `${path}.89abcdef.tmp`;
  const huge = join(folder, `${"a".repeat(64)}.speech`);
  await copyFile(path, aside);
  await rm(path);
  await symlink(aside, path);
  for (const file of [beside, leftover, huge]) await writeFile(file, "half a sent");
  await truncate(huge, 9_000_000);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(leftover, longAgo, longAgo);
  const { engine, speak, close } = await open(folder);
  await speak(JOB.text);
  await close();
  expect(engine.asked).toEqual([JOB.text]);
  expect((await stat(path)).isFile()).toBe(true);
  const names = [aside, beside, path].map((each) => each.slice(folder.length + 1));
  expect((await readdir(folder)).sort()).toEqual(names.sort());
});

test("the folder may be deleted while it is used", async () => {
  const { folder } = await kept();
  const { engine, speak, close } = await open(folder, { memoryBytes: 0 });
  await rm(folder, { recursive: true });
  const first = await speak(JOB.text);
  expect(engine.asked).toHaveLength(1);
  await close();
  expect(await readdir(folder)).toHaveLength(1);
  const next = await open(folder);
  expect(await next.speak(JOB.text)).toEqual(first);
  expect(next.engine.asked).toEqual([]);
});

test("two processes may share the folder: each finds what the other left, and neither trips", async () => {
  const folder = await newFolder();
  const [one, two] = [await open(folder, { memoryBytes: 0 }), await open(folder, { memoryBytes: 0 })];
  const texts = ["First of all.", "Second to none.", "Third in line."];
  await Promise.all([one, two].flatMap(({ speak }) => texts.map(speak)));
  await Promise.all([one.close(), two.close()]);
  expect((await readdir(folder)).filter((name) => name.endsWith(".speech"))).toHaveLength(3);
  const [three, four] = [await open(folder, { memoryBytes: 0 }), await open(folder, { memoryBytes: 0 })];
  const plain = await three.speak("First of all.");
  expect(three.engine.asked).toEqual([]);
  for (const name of await readdir(folder)) await rm(join(folder, name));
  expect(await four.speak("First of all.")).toEqual(plain);
  expect(four.engine.asked).toEqual(["First of all."]);
  await Promise.all([three.close(), four.close()]);
  expect(await readdir(folder)).toHaveLength(1);
});

test("where nothing can be written, speech goes on and the operator is told once", async () => {
  const { path } = await kept();
  const { speak, close, warnings } = await open(join(path, "cache"), { memoryBytes: 0 });
  for (const text of ["One for the road.", "Two for the show."]) await speak(text);
  await close();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("speech cannot be kept in");
});

test("the limit holds in bytes, across processes, and what was used last stays", async () => {
  const folder = await newFolder();
  const { path } = await kept("Number 0 of the lot.");
  const size = Math.ceil((await stat(path)).size / 4096) * 4096;
  const limitBytes = Math.floor(3.5 * size);
  const texts = Array.from({ length: 6 }, (_, index) => `Number ${index} of the lot.`);
  const first = await open(folder, { limitBytes, memoryBytes: 0 });
  for (const text of texts.slice(0, 3)) {
    await first.speak(text);
    await until(() => first.disk.bytes === size * (texts.indexOf(text) + 1));
  }
  await first.speak(texts[0] as string);
  expect(first.engine.asked).toHaveLength(3);
  await first.speak(texts[3] as string);
  await first.close();
  expect(await readdir(folder)).toHaveLength(3);
  const second = await open(folder, { limitBytes, memoryBytes: 0 });
  await until(() => second.disk.bytes === 3 * size);
  for (const index of [0, 2, 3]) await second.speak(texts[index] as string);
  expect(second.engine.asked).toEqual([]);
  await second.close();
  const smaller = await open(folder, { limitBytes: Math.floor(1.5 * size) });
  // What is to go is no longer counted when it begins to go.
  while ((await readdir(folder)).length !== 1) await Bun.sleep(1);
  expect(smaller.disk.bytes).toBe(size);
});

test("of what waits to be written there are 8 MiB at most, and a file that is larger than all may be is not kept", async () => {
  const folder = await newFolder();
  const files = new DiskFolder(folder, { limitBytes: 12 * 1024 * 1024, log: () => undefined });
  for (const name of ["a", "b", "c"]) files.write(name.repeat(64), new Uint8Array(4 * 1024 * 1024));
  await files.close();
  expect((await readdir(folder)).map(([first]) => first).sort()).toEqual(["a", "b"]);
  const small = new DiskFolder(folder, { limitBytes: 4 * 1024 * 1024, log: () => undefined });
  small.write("d".repeat(64), new Uint8Array(4 * 1024 * 1024 + 1));
  await small.close();
  expect(await readdir(folder)).toHaveLength(1);
  expect(small.has("d".repeat(64))).toBe(false);
});

/** A whole sentence of a sound, in some form. */
async function sentenceOf(
  sound: Float32Array<ArrayBuffer>,
  encoding: "dm20" | FrameEncoding,
): Promise<KeptSentence> {
  const durationMs = Math.round(sound.length / 24);
  const end = { type: "end" as const, samples: sound.length, sampleRate: 24_000, durationMs };
  if (encoding === "dm20") {
    const messages = clipMessages(await encodeClip(sound, "wav", 24_000), 4096);
    return keep([{ type: "clip", messages, durationMs }], end);
  }
  const stream = await FrameStream.open([encoding], JOB);
  const frames: SentenceEvent[] = [];
  stream.push(sound);
  stream.end();
  for (let frame = stream.next(); frame; frame = stream.next()) frames.push({ type: "frame", frame });
  stream.close();
  return keep(frames, end);
}

test.each(["dm20", "pcm16", "opus", "opus-low"] as const)(
  "what is no speech is not believed, as %s: it is removed",
  async (encoding) => {
    const name = "c".repeat(64);
    const folder = await newFolder();
    const speech = babble(2, 0.3);
    // At its lowest bitrate Opus makes another sound of noise.
    const wrong = [
      ...(encoding === "opus-low" ? [] : [noise(48_000, 0.3)]),
      new Float32Array(48_000),
      speech.slice(0, 1500),
    ];
    for (const [index, sound] of [speech, ...wrong].entries()) {
      const earlier = await open(folder);
      earlier.disk.set(name, await sentenceOf(sound, encoding));
      await earlier.close();
      const { disk } = await open(folder);
      expect((await disk.get(name, JOB)) !== undefined).toBe(index === 0);
      expect(await readdir(folder)).toHaveLength(index === 0 ? 1 : 0);
    }
  },
);

test("what was kept before sound was checked is not believed", async () => {
  const { folder, path } = await kept();
  const bytes = await readFile(path);
  expect(bytes.subarray(0, 8).toString()).toBe("bardsai2");
  bytes.write("bardsaid");
  await writeFile(path, bytes);
  const { engine, speak } = await open(folder);
  await speak(JOB.text);
  expect(engine.asked).toEqual([JOB.text]);
});

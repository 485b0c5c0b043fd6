import { expect, test } from "bun:test";
import fc from "fast-check";
import { createMp3Encoder } from "wasm-media-encoders";
import { joinBytes } from "../../../../src/core/bytes.ts";
import { readBytes } from "../../../support/services/read-bytes.ts";
import { failure } from "../../../support/services/speaking.ts";
import { noise, sine } from "../../../support/sound.ts";

const mp3 = await Bun.file(`${import.meta.dir}/../../../support/services/second.mp3`).bytes();
const plain = await readBytes(mp3);
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
/** Never the same, and never a frame. */
const dust = (length: number): Uint8Array => new Uint8Array(noise(length, 120, 7).map((each) => each + 124));

/** ID3v2, with a picture that has what frames begin with. */
function id3(length: number, flags = 0): Uint8Array {
  const body = length > 10_000 ? new Uint8Array(length) : dust(length);
  for (let at = 50; at + 4 < length; at += 500) body.set([0xff, 0xfb, 0x90, 0], at);
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  const head = Uint8Array.of(0x49, 0x44, 0x33, 4, 0, flags, ...size);
  return joinBytes([head, body, flags & 0x10 ? head : new Uint8Array()]);
}

function ape(length: number): Uint8Array {
  const bytes = new Uint8Array(32 + length);
  bytes.set(ascii("APETAGEX"));
  new DataView(bytes.buffer).setUint32(12, length, true);
  return bytes;
}

async function encoded(sampleRate: 24_000 | 44_100): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate, channels: 1, bitrate: 64 });
  const samples = sine(300, sampleRate, 0.4, 0.5);
  return joinBytes([encoder.encode([samples]).slice(), encoder.finalize().slice()]);
}

const around: [string, Uint8Array, string][] = [
  ["a title", joinBytes([id3(300), mp3]), "audio/pcm"],
  ["a picture of 5 MB", joinBytes([id3(5_000_000), mp3]), "audio/pcm"],
  ["two titles, one with a footer", joinBytes([id3(90, 0x10), id3(800), mp3]), "audio/pcm"],
  ["a tag of APE", joinBytes([ape(700), mp3]), "audio/pcm"],
  ["tags behind it", joinBytes([mp3, ape(80), ascii("TAG".padEnd(128, "x"))]), "audio/pcm"],
  ["zeros before it", joinBytes([new Uint8Array(3000), mp3]), "audio/mpeg"],
  ["bytes of something else before it", joinBytes([dust(900), mp3]), "audio/mp3"],
];
test.each(around)("MP3 with %s is heard as without", async (_, bytes, type) => {
  for (const size of bytes.length > 100_000 ? [65_536, bytes.length] : [1, 1000, bytes.length]) {
    const { samples, sampleRate } = await readBytes(bytes, type, { size });
    expect(sampleRate).toBe(24_000);
    expect(Buffer.from(samples.buffer).equals(Buffer.from(plain.samples.buffer))).toBe(true);
  }
});

test("MP3 that begins in the middle of a frame is heard from the next one on", async () => {
  const { samples, sampleRate } = await readBytes(mp3.subarray(100), "audio/mpeg");
  expect(sampleRate).toBe(24_000);
  expect(plain.samples.length - samples.length).toBeWithin(1, 4000);
});

test("a title before another format is passed over", async () => {
  const flac = await Bun.file(`${import.meta.dir}/../../../support/services/tone.flac`).bytes();
  expect((await readBytes(joinBytes([id3(3000), flac]))).samples).toHaveLength(960);
  expect(await failure(readBytes(joinBytes([id3(300), ascii("....ftypM4A ".padEnd(80))])))).toMatchObject({
    message: expect.stringContaining("the service sent MP4"),
  });
});

test("MP3 that was damaged on its way has clicks, and goes on at its own rate", async () => {
  const bytes = mp3.slice();
  for (let at = 900; at < bytes.length; at += 1700) bytes.fill(0, at, at + 60);
  for (const size of [700, bytes.length]) {
    const { samples, sampleRate } = await readBytes(bytes, undefined, { size });
    expect(sampleRate).toBe(24_000);
    expect(samples.length).toBeWithin(0.7 * plain.samples.length, plain.samples.length + 1);
  }
});

test("two MP3s of one rate are heard one after the other; of two rates the second is refused, however they come", async () => {
  const [first, second] = [await encoded(24_000), await encoded(44_100)];
  const once = (await readBytes(first)).samples.length;
  expect((await readBytes(joinBytes([first, first]))).samples.length).toBeWithin(
    2 * once - 2000,
    2 * once + 2000,
  );
  for (const size of [500, 1_000_000])
    expect((await failure(readBytes(joinBytes([first, second]), undefined, { size }))).message).toBe(
      "the sample rate changed",
    );
});

test("MP3 that ends anywhere is heard up to there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 600, max: mp3.length }), async (end) => {
      const { samples } = await readBytes(mp3.subarray(0, end), undefined, { size: 999 });
      expect(samples.length).toBeLessThanOrEqual(plain.samples.length);
    }),
    { numRuns: 20 },
  );
});

test.each([
  ["a title and nothing else", id3(400)],
  ["a title and noise", joinBytes([id3(400), dust(4000)])],
])("%s is no sound", async (_, bytes) => {
  const heard = await readBytes(bytes).catch((error) => error);
  if (bytes.length < 1000) expect(heard.samples).toHaveLength(0);
  else expect(heard).toMatchObject({ code: "engine-failed", message: "no frame begins in the MP3" });
});

test("titles without end are given up", async () => {
  const tags = joinBytes(Array.from({ length: 9 }, () => id3(2_000_000)));
  expect((await failure(readBytes(tags, undefined, { size: 1_000_000 }))).message).toBe(
    "the service sent a title or a picture without end",
  );
});

import { expect, test } from "bun:test";
import { inspectSound } from "../../../src/party/sounds/inspect-sound.ts";
import { soundName } from "../../../src/party/sounds/sound-name.ts";
import { seeded } from "../../support/random.ts";
import { flacOf, mp3Of, oggOf, wavOf } from "../../support/sound-files.ts";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

test("a file is what its bytes say, and as long as they say", () => {
  expect(inspectSound(wavOf(new Float32Array(36_000)))).toEqual({ format: "wav", seconds: 1.5 });
  expect(inspectSound(flacOf(90))).toEqual({ format: "flac", seconds: 90 });
  expect(inspectSound(oggOf(30, "vorbis"))).toEqual({ format: "ogg", seconds: 30 });
  expect(inspectSound(oggOf(30, "opus"))).toEqual({ format: "ogg", seconds: 30 });
  for (const mp3 of [mp3Of(1_000), mp3Of(1_000, { tagBytes: 5_000 })]) {
    expect(inspectSound(mp3).format).toBe("mp3");
    expect(inspectSound(mp3).seconds).toBeCloseTo((1_000 * 1_152) / 44_100, 6);
  }
});

test("an mp3 with tags at its end, or something broken in its middle, is as long as its frames", () => {
  const whole = mp3Of(100);
  const broken = new Uint8Array([...whole, ...text(`TAG${"x".repeat(125)}`), ...whole, 0xff, 0xfb]);
  expect(inspectSound(broken).seconds).toBeCloseTo((200 * 1_152) / 44_100, 6);
});

test.each([
  ["a page", text(`<!doctype html><script>alert(1)</script>${" ".repeat(2_000)}`)],
  [
    "a page with a frame's head in it",
    new Uint8Array([...text("<html>"), 0xff, 0xfb, 0x90, 0, ...text(" ".repeat(2_000))]),
  ],
  ["a picture", new Uint8Array([0x89, ...text("PNG\r\n\u001a\n"), ...new Uint8Array(500)])],
  ["a film", new Uint8Array([0, 0, 0, 32, ...text("ftypisom"), ...new Uint8Array(500)])],
  ["a WAV file's head alone", text("RIFF\u0000\u0000\u0000\u0000WAVE")],
  ["an Ogg file's head alone", text("OggS")],
  ["Theora in Ogg", oggOf(30, "vorbis").with(29, 0x80)],
  ["an ID3 tag and nothing", mp3Of(0, { tagBytes: 1_000 })],
  ["nothing", new Uint8Array(0)],
  ["more than two channels", oggOf(30, "vorbis", 6)],
  ["no channel", oggOf(30, "opus", 0)],
  ["an unknown length", flacOf(0)],
  ["more than ten minutes", flacOf(601)],
  ["more than ten minutes in frames", mp3Of(23_000)],
])("%s is no sound that is played", (_, bytes) => {
  expect(() => inspectSound(bytes)).toThrow();
});

test("any bytes at all are a sound or refused by a code", () => {
  const chance = seeded(1);
  const random = (): number => Math.floor(256 * chance());
  const heads = [wavOf(new Float32Array(100)), flacOf(3), oggOf(3, "vorbis"), oggOf(3, "opus"), mp3Of(4)];
  for (let round = 0; round < 2_000; round++) {
    const bytes = (heads[round % heads.length] as Uint8Array).slice(0, 1 + random() * 4);
    for (let change = 0; change < 8; change++) bytes[random() % bytes.length] = random();
    try {
      expect(inspectSound(bytes).seconds).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toHaveProperty("code", "bad-request");
    }
  }
});

test.each([
  ["Rain on the roof.mp3", "Rain on the roof"],
  ["../../etc/passwd", "etc passwd"],
  ["..\\..\\windows\\system32", "windows system32"],
  ["/absolute.wav", "absolute"],
  ["a\u0000b.ogg", "a b"],
  ["Sturm & Drang", "Sturm Drang"],
  ["naïve-größe_7", "naïve-größe_7"],
  [`${"long ".repeat(40)}`, `${"long ".repeat(40)}`.slice(0, 48).trim()],
  ["<img src=x>", "img src x"],
])("%p is kept as %p", (given, name) => {
  expect(soundName(given)).toBe(name);
});

test.each(["", "...", "../..", "CON", "nul.mp3", "💥"])("%p is no name", (given) => {
  expect(() => soundName(given)).toThrow("name: letters and digits");
});

test("a built-in sound keeps its name", () => {
  expect(() => soundName("Rain.mp3")).toThrow("built in");
});

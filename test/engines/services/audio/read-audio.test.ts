import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { joinBytes } from "../../../../src/core/bytes.ts";
import { encodeWav } from "../../../../src/core/dsp/wav.ts";
import { encodeClip } from "../../../../src/engines/render/clip-collector.ts";
import { ffmpeg, hasFfmpeg } from "../../../support/services/ffmpeg.ts";
import { readBytes as read } from "../../../support/services/read-bytes.ts";
import { failure } from "../../../support/services/speaking.ts";
import { babble } from "../../../support/sound.ts";

const speech = babble(1.2, 0.5);

/** How alike, 0…1, at the shift where they are most alike. */
function likeness(one: Float32Array, other: Float32Array, most = 1200): number {
  let best = 0;
  for (let shift = -most; shift <= most; shift += 1) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 2000; i < 20_000; i += 7) {
      const [a, b] = [one[i] ?? 0, other[i + shift] ?? 0];
      ab += a * b;
      aa += a * a;
      bb += b * b;
    }
    best = Math.max(best, ab / Math.sqrt(aa * bb));
  }
  return best;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("what is no sound is refused under any type", () => {
  const json = JSON.stringify({ error: { message: "no such model", type: "invalid" } });
  const bodies: [string, string, string][] = [
    ["JSON", json, ": no such model"],
    ["JSON of one word", `"busy"`, ": busy"],
    ["a page", "<!doctype html>\n<html><body>Log in</body></html>", ""],
    ["XML", `<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>`, ""],
    [
      "text",
      "upstream connect error or disconnect/reset before headers",
      ": upstream connect error or disconnect/reset before headers",
    ],
    ["two letters", "no", ": no"],
    [
      "text in another script",
      "служба не отвечает ".repeat(9),
      `: ${"служба не отвечает ".repeat(9).trim()}`,
    ],
    ["JSON behind a mark and spaces", `\ufeff\n  ${json}`, ": no such model"],
    ["server-sent events", `event: error\ndata: {"error":"x"}\n\n`, `: event: error data: {"error":"x"}`],
  ];
  const types = [
    undefined,
    "",
    "audio/pcm",
    "audio/mpeg",
    "audio/wav",
    "audio/ogg",
    "application/octet-stream",
    "application/json",
    "text/html; charset=utf-8",
  ];
  test.each(bodies)("%s", async (_, body, told) => {
    for (const type of types)
      for (const size of [1, 7, 10_000]) {
        const { message, code } = await failure(read(utf8(body), type, { size }));
        expect(code).toBe("engine-failed");
        expect(message).toBe(`the service sent text instead of audio${type?.includes("html") ? "" : told}`);
      }
  });

  test("an error of a megabyte is read as far as it is told", async () => {
    const { message } = await failure(read(utf8("sorry ".repeat(200_000)), "audio/pcm", { size: 1000 }));
    expect(message).toStartWith("the service sent text instead of audio: sorry sorry");
    expect(message.length).toBeLessThan(20_000);
  });

  test("what would move a terminal's cursor is not passed on", async () => {
    const { message } = await failure(
      read(utf8(JSON.stringify({ error: "\u001b[2Jred\u0007 \u202eevil" })), "audio/pcm"),
    );
    expect(message).toBe("the service sent text instead of audio: [2Jred evil");
  });

  test("text in UTF-16", async () => {
    const bytes = new Uint8Array(Uint16Array.from(`\ufeff${json}`, (char) => char.charCodeAt(0)).buffer);
    const { message } = await failure(read(bytes, "audio/pcm"));
    expect(message).toBe("the service sent text instead of audio: no such model");
  });

  test.each(["image/png", "application/pdf", "text/plain", "application/json"])(
    "bytes that are said to be %s",
    async (type) => {
      const { message, code } = await failure(
        read(Uint8Array.of(1, 2, 3, 4, 200, 201, 202, 0, 0, 0, 0, 0, 0, 0), type),
      );
      expect([code, message]).toEqual([
        "engine-failed",
        `the service sent ${type}, which is not read here; have it send pcm, wav, mp3 or opus (its response_format)`,
      ]);
    },
  );

  test("nothing is nothing", async () =>
    expect((await read(new Uint8Array(), "audio/pcm")).samples).toHaveLength(0));
});

describe.skipIf(!hasFfmpeg)("what ffmpeg writes", () => {
  const wavs = [
    "pcm_u8",
    "pcm_s16le",
    "pcm_s24le",
    "pcm_s32le",
    "pcm_f32le",
    "pcm_f64le",
    "pcm_mulaw",
    "pcm_alaw",
  ];
  const readable: [string, string][] = [
    ...wavs.map((codec): [string, string] => [`WAV of ${codec}`, `-c:a ${codec} -f wav`]),
    ["WAV, 6 channels at 44.1 kHz", "-c:a pcm_s24le -ac 6 -ar 44100 -f wav"],
    ["RF64", "-f wav -rf64 always"],
    ["MP3", "-f mp3"],
    ["MP3 without its tag", "-f mp3 -id3v2_version 0 -write_xing 0"],
    ["MP3 with a title before it", "-f mp3 -id3v2_version 3 -metadata title=Grim"],
    ["FLAC", "-f flac"],
    ["FLAC of 24 bits, in stereo at 48 kHz", "-f flac -ac 2 -ar 48000 -sample_fmt s32"],
    ["Ogg FLAC", "-c:a flac -f ogg"],
    ["Ogg Opus", "-c:a libopus -f ogg"],
    ["Ogg Opus in stereo", "-c:a libopus -ac 2 -f ogg"],
    ["Ogg Opus with long pages", "-c:a libopus -page_duration 900000 -frame_duration 60 -f ogg"],
  ];
  test.each(readable)("%s is heard, under any type", async (_, options) => {
    const bytes = await ffmpeg(speech, options);
    for (const type of [undefined, "audio/pcm", "text/plain"]) {
      const { samples, sampleRate = 0 } = await read(bytes, type, { size: 1000 });
      const seconds = samples.length / sampleRate;
      expect(seconds).toBeWithin(1.15, 1.35);
      if (sampleRate === 24_000)
        expect(likeness(speech, samples, options.includes("mp3") ? 1800 : 12)).toBeGreaterThan(0.95);
    }
  });

  const raw: [string, string][] = [
    ["audio/L16;rate=24000", "-f s16be"],
    ["audio/l16; rate=16000; channels=2", "-f s16be -ar 16000 -ac 2"],
    ["audio/L16;rate=24000;codec=pcm", "-f s16le"],
    ["audio/L16; rate=16000; channels=2", "-f s16le -ar 16000 -ac 2"],
    ["audio/L16;rate=24000;endian=little", "-f s16le"],
    ["audio/L24;rate=24000", "-f s24be"],
    ["audio/L8;rate=8000", "-f u8 -ar 8000"],
    ["audio/pcm;rate=16000", "-f s16le -ar 16000"],
    [`audio/pcm; rate="22050"; channels=2`, "-f s16le -ar 22050 -ac 2"],
    ["audio/pcm;rate=48000;bits=24", "-f s24le -ar 48000"],
    ["audio/pcm;rate=24000;bits=8", "-f u8"],
    ["audio/pcm;codecs=pcm_f32le;rate=44100", "-f f32le -ar 44100"],
    ["audio/pcm;encoding=float32;sample_rate=24000", "-f f32le"],
    ["audio/pcm;encoding=float;bits=32;rate=24000", "-f f32le"],
    ["audio/pcm;bits=64;encoding=float;rate=24000", "-f f64le"],
    ["audio/x-raw, format=(string)F32LE, rate=(int)16000, channels=(int)1", "-f f32le -ar 16000"],
    ["audio/pcm;bits=16;endianness=big-endian;rate=24000", "-f s16be"],
    ["audio/x-raw,format=S16LE,rate=16000,channels=1", "-f s16le -ar 16000"],
    ["application/octet-stream; sample-rate=16000", "-f s16le -ar 16000"],
    ["audio/basic", "-f mulaw -ar 8000"],
    ["audio/PCMA", "-f alaw -ar 8000"],
    ["audio/x-mulaw;rate=16000", "-f mulaw -ar 16000"],
  ];
  test.each(raw)("%s is read as it says", async (type, options) => {
    const { samples, sampleRate = 0 } = await read(await ffmpeg(speech, options), type);
    expect(samples.length / sampleRate).toBeWithin(1.19, 1.21);
    expect(sampleRate).toBe(Number(/-ar (\d+)/.exec(options)?.[1] ?? 24_000));
    const wav = await read(await ffmpeg(speech, `-f wav -ar ${sampleRate}`));
    expect(likeness(wav.samples, samples, 3)).toBeGreaterThan(0.98);
  });

  test("in which order the bytes of audio/L16 are is found behind a second of silence, and in next to no sound", async () => {
    for (const form of ["s16be", "s16le"]) {
      const bytes = await ffmpeg(speech, `-f ${form}`);
      const late = await read(new Uint8Array([...new Uint8Array(48_000), ...bytes]), "audio/L16", {
        size: 999,
      });
      const plain = await read(bytes, `audio/L16;endian=${form === "s16be" ? "big" : "little"}`);
      expect(late.samples.slice(24_000)).toEqual(plain.samples);
    }
    expect((await read(new Uint8Array(400), "audio/L16")).samples).toHaveLength(200);
    expect((await read(new Uint8Array([0x10, 0, 0x11, 0]), "audio/L16")).samples[0]).toBe(0.125);
  });

  const unread: [string, string][] = [
    ["Ogg Vorbis", "-c:a libvorbis -f ogg"],
    ["WebM", "-f webm"],
    ["MP4", "-c:a aac -movflags frag_keyframe+empty_moov -f mp4"],
    ["AAC", "-f adts"],
    ["AIFF", "-f aiff"],
    ["AU", "-f au"],
  ];
  test.each(unread)("%s is refused under any type, and it is told what to ask for", async (name, options) => {
    const bytes = await ffmpeg(speech, options);
    for (const type of [undefined, "audio/pcm", "audio/flac", "application/octet-stream"])
      for (const size of [1, 5, 4096]) {
        const { message, code } = await failure(read(bytes.subarray(0, 5000), type, { size }));
        expect([code, message]).toEqual([
          "engine-failed",
          `the service sent ${name}, which is not read here; have it send pcm, wav, mp3 or opus (its response_format)`,
        ]);
      }
  });
});

const others: [string, string][] = [
  ["AVI", "RIFF....AVI LIST"],
  ["Wave64", "riff\x2e\x91\xcf\x11"],
  ["VOC", "Creative Voice File\x1a"],
  ["SPHERE", "NIST_1A\n   1024\n"],
  ["IRCAM", "\x64\xa3\x02\0"],
  ["IFF", "FORM....8SVXVHDR"],
  ["AIFF", "FORM....AIFCFVER"],
  ["AC-3", "\x0b\x77\x12\x34"],
  ["DTS", "\x7f\xfe\x80\x01"],
  ["WavPack", "wvpk"],
  ["TTA", "TTA1"],
  ["NUT", "nut/multimedia container\0"],
  ["FLV", "FLV\x01\x04"],
  ["MIDI", "MThd\0\0\0\x06"],
  ["Zstandard", "\x28\xb5\x2f\xfd"],
  ["bzip2", "BZh91AY"],
  ["a NumPy array", "\x93NUMPY\x01\0"],
  ["a picture", "GIF89a"],
  ["Ogg Vorbis", `OggS\0\x02${"\0".repeat(20)}\x01\x1e\x01vorbis`],
  ["Ogg Speex", `OggS\0\x02${"\0".repeat(20)}\x01\x50Speex   1.2`],
];
test.each(others)("%s is refused by its name", async (name, beginning) => {
  const bytes = new Uint8Array(900).fill(1);
  bytes.set(Uint8Array.from(beginning, (char) => char.charCodeAt(0)));
  for (const size of [1, 40, 900]) {
    const { message } = await failure(read(bytes, "audio/pcm", { size }));
    expect(message).toBe(
      `the service sent ${name}, which is not read here; have it send pcm, wav, mp3 or opus (its response_format)`,
    );
  }
});

test.each([
  ["in another code", "Fehler: Stimme nicht verf\xfcgbar, bitte warten"],
  ["with colours", "\x1b[31mTraceback (most recent call last):\x1b[0m\n  File"],
  ["that ends with a zero", "Error: out of memory on device 0\0"],
])("text %s is text", async (_, text) => {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  expect((await failure(read(bytes, "audio/pcm"))).message).toStartWith(
    "the service sent text instead of audio: ",
  );
});

test.each(["\r\n", "\0\0\0\0", "--part\r\nContent-Type: audio/wav\r\n\r\n"])(
  "a WAV behind %j is read as the WAV that it is",
  async (before) => {
    const wav = encodeWav(speech.subarray(0, 5000), 16_000);
    const { samples, sampleRate } = await read(joinBytes([utf8(before), wav]), "audio/pcm", { size: 9 });
    expect([samples.length, sampleRate]).toEqual([5000, 16_000]);
  },
);

test("samples that are called MP3 are samples", async () => {
  const bytes = encodeWav(speech, 24_000).subarray(44);
  expect((await read(bytes, "audio/mpeg")).samples).toHaveLength(speech.length);
});

test.each([
  "audio/flac",
  "audio/ogg; codecs=opus",
  "audio/webm",
  "audio/aac",
  "video/mp4",
  "application/ogg",
])("%s that does not begin as such is not taken for samples", async (type) => {
  const { message } = await failure(read(new Uint8Array(400).fill(3), type));
  expect(message).toContain(`${type.split(";")[0]} that is none`);
});

test.each([
  "audio/pcm;rate=0",
  "audio/pcm;rate=fast",
  "audio/L16;channels=0",
  "audio/pcm;bits=12",
  "audio/pcm;encoding=f16",
])("%s is a form that is refused by name", async (type) => {
  const { code, message } = await failure(read(new Uint8Array(400).fill(3), type));
  expect([code, message]).toEqual([
    "engine-failed",
    `the service's audio has a form that is not read here: ${type}`,
  ]);
});

test("Ogg Opus of ours has every sample it was made of, however it is cut, one file after the other", async () => {
  const { bytes } = await encodeClip(speech, "opus", 24_000);
  const twice = new Uint8Array(2 * bytes.length);
  twice.set(bytes);
  twice.set(bytes, bytes.length);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (size) => {
      const { samples, sampleRate } = await read(twice, "audio/ogg", { size });
      expect([samples.length, sampleRate]).toEqual([2 * speech.length, 24_000]);
      expect(likeness(speech, samples, 3)).toBeGreaterThan(0.7);
      expect(likeness(speech, samples.slice(speech.length), 3)).toBeGreaterThan(0.7);
    }),
    { numRuns: 8 },
  );
});

test("Ogg Opus is as loud as its header wants, and of many channels it is refused", async () => {
  const { bytes } = await encodeClip(speech, "opus", 24_000);
  const head = Buffer.from(bytes).indexOf("OpusHead");
  const plain = (await read(bytes)).samples;
  const quiet = bytes.slice();
  quiet.set([0, -20], head + 16);
  const half = (await read(quiet)).samples;
  expect(half.every((sample, at) => Math.abs(sample - 0.1 * (plain[at] ?? 0)) < 1e-5)).toBe(true);
  const surround = bytes.slice();
  surround[head + 9] = 6;
  surround.set([1, 4], head + 18);
  expect((await failure(read(surround))).message).toStartWith("the service's Ogg Opus has 6 channels");
});

test("Ogg Opus that is cut off ends where it ends, and what is broken is refused", async () => {
  const { bytes } = await encodeClip(speech, "opus", 24_000);
  expect((await read(bytes.subarray(0, bytes.length - 500))).samples.length).toBeGreaterThan(
    speech.length / 2,
  );
  const broken = bytes.slice();
  broken.set([1, 2, 3, 4], bytes.length >> 1);
  broken.fill(0, bytes.length >> 1);
  expect(await failure(read(broken))).toMatchObject({
    code: "engine-failed",
    message: "the service's Ogg Opus is broken",
  });
});

test("silence is silence, whichever byte it is written with", async () => {
  for (const [type, byte, sample] of [
    ["audio/pcm", 0, 0],
    ["audio/PCMA", 0x55, -8 / 32_768],
    ["audio/L8", 0x80, 0],
  ] as const) {
    const { samples } = await read(new Uint8Array(2000).fill(byte), type);
    expect([...new Set(samples)]).toEqual([sample]);
  }
});

test.skipIf(!hasFfmpeg)(
  "FLAC has every sample it was made of, however it is cut; what is broken is refused",
  async () => {
    const bytes = await ffmpeg(speech, "-f flac -sample_fmt s16");
    const wav = await read(await ffmpeg(speech, "-f wav"));
    for (const size of [7, 4096, 1_000_000]) {
      const { samples, sampleRate } = await read(bytes, "audio/flac", { size });
      expect([samples.length, sampleRate]).toEqual([speech.length, 24_000]);
      expect(samples.every((sample, at) => Math.abs(sample - (wav.samples[at] ?? 9)) < 1e-4)).toBe(true);
    }
    const cut = await read(bytes.subarray(0, bytes.length - 1500));
    expect(cut.samples.length).toBeWithin(speech.length / 2, speech.length);
    const noise = new Uint8Array(20_000).fill(7);
    noise.set(bytes.subarray(0, 42));
    expect((await read(noise).catch(() => ({ samples: [] }))).samples).toHaveLength(0);
  },
);

import { test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { bunzip2 } from "../../src/cli/voices/archive/bunzip2.ts";
import { untar } from "../../src/cli/voices/archive/untar.ts";
import { parseDm20Message } from "../../src/client/session/dm20/dm20-messages.ts";
import { parseV2Message } from "../../src/client/session/v2-messages.ts";
import { encodeOggOpus } from "../../src/core/dsp/ogg-opus.ts";
import { encodeWav } from "../../src/core/dsp/wav.ts";
import { BardcastError } from "../../src/core/errors.ts";
import { decodeFrame, encodeFrame, packOpus, unpackOpus } from "../../src/core/protocol/frame.ts";
import { shownText } from "../../src/core/text/markup.ts";
import { splitSentences } from "../../src/core/text/sentences.ts";
import { readAudio } from "../../src/engines/services/audio/read-audio.ts";
import { parseEdgeMessage } from "../../src/engines/services/edge-wire.ts";
import { WyomingReader, wyomingEvent } from "../../src/engines/services/wyoming-wire.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { bzip2 } from "../support/bzip2.ts";
import { tar } from "../support/tar.ts";
import { bytesLike, fuzz, likeJson, RARE } from "./fuzz.ts";

const MINUTES = 60_000 + Number(process.env.FUZZ ?? 10_000) * 30;

/** What is wrong is refused by an error with a code. */
async function refusing(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof BardcastError)) throw error;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, bytes.length >> 1);
  yield bytes.subarray(bytes.length >> 1);
}

test(
  "frames",
  async () => {
    const header = { first: true, last: false, discontinuity: true, handle: 1, sequence: 0, ptsSamples: 0 };
    const payload = packOpus([new Uint8Array(12), new Uint8Array(3)]);
    const frame = encodeFrame({ ...header, packets: 2, payload });
    await fuzz(bytesLike(frame), (bytes) => refusing(() => unpackOpus(decodeFrame(new Uint8Array(bytes)))));
  },
  MINUTES,
);

test(
  "what servers say",
  async () => {
    const types = [
      "speech.begin",
      "speech.text",
      "speech.end",
      "welcome",
      "audio",
      "narrative",
      "private",
      "ping",
    ];
    const messages = likeJson({
      type: fc.constantFrom(...types),
      offset: fc.integer(),
      utterance: fc.string(),
      words: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat())),
      data: fc.base64String(),
      content: fc.string(),
    }).map((value) => JSON.stringify(value));
    await fuzz(fc.oneof(messages, fc.string()), (message) => {
      parseV2Message(message);
      parseDm20Message(message);
    });
  },
  MINUTES,
);

test(
  "markup, whole and as sentences",
  async () => {
    const pieces = [
      "[",
      "]",
      "[/",
      "[pause 3s]",
      "[whisper]",
      "<speak>",
      "<break time='",
      "'/>",
      "&amp;",
      "&#",
      ". ",
      "Dr. ",
      "!",
      "\u{1f409}",
      "\ud800",
    ];
    const texts = fc.array(
      fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 20, unit: "binary" })),
      { maxLength: 40 },
    );
    await fuzz(texts, (parts) => void splitSentences(shownText(parts.join(""))));
  },
  MINUTES,
);

test(
  "voices as YAML",
  async () => {
    const pieces = [
      "speakers:",
      "\n",
      "  ",
      "- ",
      "dm: ",
      "*a",
      "&a ",
      "<<: ",
      "{",
      "}",
      "[",
      "]",
      "'",
      '"',
      "speed: 1e9",
      "voiceId: en",
      "!!x ",
      "|",
      "\t",
      "? ",
    ];
    const texts = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })), {
      maxLength: 30,
    });
    // What is opened first is the registry by default, which takes longer than all that is made up here.
    const registry = await VoiceRegistry.open(memoryStore());
    await fuzz(texts, (parts) => refusing(() => registry.use(parts.join(""))));
  },
  MINUTES,
);

test(
  "archives",
  async () => {
    const archive = tar([{ name: "voice/model.onnx", content: new Uint8Array(600) }]);
    const folder = await mkdtemp(join(tmpdir(), "bardcast-fuzz-"));
    try {
      let count = 0;
      await fuzz(bytesLike(archive), (bytes) =>
        refusing(() => untar(once(bytes), join(folder, `${count++}`))),
      );
      await fuzz(bytesLike(bzip2(archive)), (bytes) =>
        refusing(async () => {
          for await (const _ of bunzip2(once(bytes)));
        }),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  2 * MINUTES,
);

const audioTypes = fc.constantFrom(
  "audio/wav",
  "audio/mpeg",
  "audio/L16; rate=8000",
  "audio/pcm;rate=1e9;channels=0",
  "audio/basic",
  "audio/ogg",
  "audio/flac",
  "text/html",
  "application/json",
  undefined,
);

async function readAnswer([bytes, type]: [Uint8Array, string | undefined]): Promise<void> {
  for await (const _ of readAudio(once(bytes), { type, samples: 24_000 }));
}

test(
  "what services answer",
  async () => {
    const wav = new Uint8Array(encodeWav(new Float32Array(200).fill(0.3), 24_000));
    // As they are written where the length is not known yet.
    const streamed = wav.slice();
    streamed.fill(0xff, 4, 8).fill(0xff, 40, 44);
    const ogg = new TextEncoder().encode("OggS\0\x02 and what is no page");
    await fuzz(fc.tuple(bytesLike(wav, streamed, ogg), audioTypes), (answer) =>
      refusing(() => readAnswer(answer)),
    );
  },
  MINUTES,
);

test(
  "what services answer that has to be decoded",
  async () => {
    const packets = Array.from({ length: 60 }, (_, at) => new Uint8Array(20 + at).fill(0x48));
    const format = { sampleRate: 24_000, packetSamples: 480, preSkip: 156 };
    const opus = encodeOggOpus({ packets, samples: 60 * 480, ...format });
    const flac = new TextEncoder().encode("fLaC\x80\0\0\x22 and what is no block");
    const mp3 = new Uint8Array(417);
    mp3.set([0xff, 0xfb, 0x90, 0x00]);
    await fuzz(
      fc.tuple(bytesLike(opus, flac, mp3), audioTypes),
      (answer) => refusing(() => readAnswer(answer)),
      // A decoder is loaded and compiled for each of them, in a worker: the thread that serves waits for none of it.
      { share: RARE.share / 5, turnMs: 1_000 },
    );
  },
  MINUTES,
);

test(
  "events of services",
  async () => {
    const event = wyomingEvent("audio-chunk", { rate: 22_050, width: 2, channels: 1 });
    const message = new TextEncoder().encode("\0\x10Path: audio\r\n\r\nsound");
    await fuzz(bytesLike(event, message), (bytes) =>
      refusing(() => {
        parseEdgeMessage(bytes);
        parseEdgeMessage(new TextDecoder().decode(bytes));
        for (const _ of new WyomingReader().push(bytes));
      }),
    );
  },
  MINUTES,
);

/**
 * One sentence as a file.
 *
 * ```
 * "bardsai2" · SHA-256 of (the file's name, what follows) · u32 length of the head, little endian · head · payloads
 * ```
 *
 * The head is JSON (`headSchema`); the payloads are those of the v2 encodings, then the dm20 clip's messages,
 * as many bytes each as the head says. The text is not in it.
 * @module
 */
import { z } from "zod";
import { joinBytes } from "../../core/bytes.ts";
import type { FrameEncoding } from "../contract/sentence-job.ts";
import { isSound, type KeptSentence } from "./kept-sentence.ts";

/** Counted up when what earlier files hold is no longer to be believed. */
const MAGIC = new TextEncoder().encode("bardsai2");
const DIGEST_BYTES = 32;
const BODY_AT = MAGIC.length + DIGEST_BYTES;
/** The clip's messages go to listeners as they are: nothing else may be among them. */
const CLIP_MESSAGE =
  /^\{"type":"audio","format":"(?:wav|opus|mp3)","data":"[A-Za-z0-9+/=]*","sequence":\d+,"total_chunks":\d+,"sample_rate":\d+,"duration_ms":[\d.]+\}$/;

const count = z.number().int().nonnegative();
const ms = z.number().finite().nonnegative();
const dB = z.number().finite();
const headSchema = z.strictObject({
  words: z.array(z.strictObject({ words: z.array(z.tuple([count, count, ms, ms])), estimated: z.boolean() })),
  packets: count,
  frames: z.array(z.tuple([z.enum(["pcm16", "opus", "opus-low"]), count])),
  clip: z.strictObject({ durationMs: ms, messages: z.array(count) }).exactOptional(),
  samples: count,
  sampleRate: count,
  durationMs: ms,
  level: z.strictObject({ lufs: dB, ms, lostDb: dB.exactOptional() }).exactOptional(),
});
type Head = z.infer<typeof headSchema>;

/** @param name the file's, which the checksum covers: under another name it is another sentence's */
export async function encodeSentenceFile(
  name: string,
  { words, sound, clip, end }: KeptSentence,
): Promise<Uint8Array<ArrayBuffer>> {
  const { samples, sampleRate, durationMs, level } = end;
  const head: Head = {
    words: words.map((event) => ({
      words: event.words.map(([start, length, from, to]) => [start, length, from, to]),
      estimated: event.estimated,
    })),
    packets: sound.packets,
    frames: [...sound.payloads].map(([encoding, payload]) => [encoding, payload.length]),
    ...(clip
      ? { clip: { durationMs: clip.durationMs, messages: clip.messages.map(({ length }) => length) } }
      : {}),
    samples,
    sampleRate,
    durationMs,
    ...(level ? { level } : {}),
  };
  const utf8 = new TextEncoder();
  const headBytes = utf8.encode(JSON.stringify(head));
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, headBytes.length, true);
  const clipBytes = utf8.encode(clip?.messages.join("") ?? "");
  const file = joinBytes([new Uint8Array(BODY_AT), size, headBytes, ...sound.payloads.values(), clipBytes]);
  file.set(MAGIC);
  file.set(await digest(name, file.subarray(BODY_AT)), MAGIC.length);
  return file;
}

/** The sentence in a file; undefined where it is cut off, damaged, foreign or another's. */
export async function decodeSentenceFile(
  name: string,
  file: Uint8Array<ArrayBuffer>,
): Promise<KeptSentence | undefined> {
  if (file.length < BODY_AT + 4 || !equal(file.subarray(0, MAGIC.length), MAGIC)) return undefined;
  const body = file.subarray(BODY_AT);
  if (!equal(file.subarray(MAGIC.length, BODY_AT), await digest(name, body))) return undefined;
  const payloadsAt = 4 + new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  const head = parseHead(body.subarray(4, payloadsAt));
  return head && assembled(head, body.subarray(payloadsAt));
}

function parseHead(bytes: Uint8Array): Head | undefined {
  try {
    return headSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

function assembled(head: Head, bytes: Uint8Array): KeptSentence | undefined {
  let at = 0;
  const next = (length: number): Uint8Array => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  // Copied, or what is kept of a file would hold all of it.
  const payloads = new Map(
    head.frames.map(([encoding, length]): [FrameEncoding, Uint8Array] => [encoding, next(length).slice()]),
  );
  const latin = new TextDecoder();
  const messages = head.clip?.messages.map((length) => latin.decode(next(length))) ?? [];
  const sound = { packets: head.packets, payloads };
  const isWhole = at === bytes.length && isSound(sound) && payloads.size === head.frames.length;
  if (!isWhole || !messages.every((message) => CLIP_MESSAGE.test(message))) return undefined;
  const { samples, sampleRate, durationMs, level } = head;
  return {
    words: head.words.map((event) => ({ type: "words", ...event })),
    sound,
    ...(head.clip ? { clip: { type: "clip", messages, durationMs: head.clip.durationMs } } : {}),
    end: { type: "end", samples, sampleRate, durationMs, ...(level ? { level } : {}) },
  };
}

async function digest(name: string, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const all = joinBytes([new TextEncoder().encode(name), body]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

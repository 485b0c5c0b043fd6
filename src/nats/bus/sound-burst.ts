import { z } from "zod";
import { joinBytes } from "../../core/bytes.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";

/** All forms of audio. */
export const ENCODINGS: readonly ["dm20", "opus", "opus-low", "pcm16"] = [
  "dm20",
  "opus",
  "opus-low",
  "pcm16",
];
/** Of the form of bursts. A node passes over what is of a higher one. */
const VERSION = 1;

/** What stands before the frames of a burst, or the messages of a clip. */
export interface BurstHead {
  v: typeof VERSION;
  /** Of the holder that made it. */
  e: number;
  /** The log's entry after which it comes. */
  i: number;
  /** The line. */
  u: string;
  enc: Encoding;
  /** What its frames are made in, this encoding among others. */
  made: Encoding[];
  /** Whether more of the sentence may come that the last of it belongs to. */
  inside: boolean;
  /** Sentences that are complete with it. */
  done: number;
  /** Of its first frame, or of the clip among the clips. */
  from: number;
  /** By frame. */
  frames?: FrameMeta[] | undefined;
  /** Of a clip: ms, its sentence, which of its messages is the first here, and whether more of them follow. */
  clip?: { ms: number; sentence: number; at?: number | undefined; more: boolean } | undefined;
}

/** Of a frame: its sentence, samples, where it stands in the line, and whether a sentence begins. */
export type FrameMeta = [sentence: number, samples: number, ptsSamples: number, begins: boolean];

const encoding = z.enum(ENCODINGS);
const count = z.number().int().nonnegative();

const headSchema: z.ZodType<BurstHead> = z.object({
  v: z.literal(VERSION),
  e: count,
  i: count,
  u: z.string(),
  enc: encoding,
  made: z.array(encoding),
  inside: z.boolean(),
  done: count,
  from: count,
  frames: z.array(z.tuple([count, count, count, z.boolean()])).optional(),
  clip: z
    .object({ ms: z.number().nonnegative(), sentence: count, at: count.optional(), more: z.boolean() })
    .optional(),
});

/** Sound of one line in one encoding, as it goes over the bus. */
export interface SoundBurst {
  head: BurstHead;
  /** Frames as on the wire, or a clip's messages in UTF-8. */
  items: readonly Uint8Array<ArrayBuffer>[];
}

/** u32 length, the head as JSON, then u32 length and bytes of each item; little endian. */
export function encodeBurst(head: Omit<BurstHead, "v">, items: readonly Uint8Array[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ v: VERSION, ...head }));
  const parts = [json, ...items].flatMap((part) => [u32(part.length), part as Uint8Array<ArrayBuffer>]);
  return joinBytes(parts);
}

/** Undefined for what another version made, or nobody of ours. The items are copies. */
export function decodeBurst(bytes: Uint8Array): SoundBurst | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) return undefined;
    parts.push(bytes.slice(at + 4, end));
    at = end;
  }
  const [json, ...items] = parts;
  const { data } = headSchema.safeParse(json && parsed(json));
  return data && { head: data, items };
}

function u32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

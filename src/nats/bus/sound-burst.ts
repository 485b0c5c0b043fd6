import { z } from "zod";
import { joinBytes } from "../../core/bytes.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";

/** All forms of audio. */
export const ENCODINGS = ["dm20", "opus", "opus-low", "pcm16"] as const satisfies readonly Encoding[];
/** Of the form of bursts. A node passes over what is of a higher one. */
const VERSION = 1;

const encoding = z.enum(ENCODINGS);
const count = z.number().int().nonnegative();

/** What stands before the frames of a burst, or the messages of a clip. */
const headSchema = z.object({
  v: z.literal(VERSION),
  /** Of the holder that made it. */
  e: count,
  /** The log's entry after which it comes. */
  i: count,
  /** The line. */
  u: z.string(),
  enc: encoding,
  /** What its frames are made in, this encoding among others. */
  made: z.array(encoding),
  /** Whether more of the sentence may come that the last of it belongs to. */
  inside: z.boolean(),
  /** Sentences that are complete with it. */
  done: count,
  /** Of its first frame, or of the clip among the clips. */
  from: count,
  /** By frame: its sentence, samples, where it stands in the line, and whether a sentence begins. */
  frames: z.array(z.tuple([count, count, count, z.boolean()])).optional(),
  /** Of a clip: ms, its sentence, and whether more of its messages follow. */
  clip: z.object({ ms: z.number().nonnegative(), sentence: count, more: z.boolean() }).optional(),
});

export type BurstHead = z.infer<typeof headSchema>;

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

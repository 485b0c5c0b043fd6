import { joinBytes } from "../../core/bytes.ts";
import { BardcastError } from "../../core/errors.ts";
import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { FromWorker, OrderItem, ToWorker } from "../../pool/protocol.ts";

/**
 * Orders and what comes of them as bytes: a version (u8), the length of a JSON head (u32, little endian), the head, and then
 * the bytes that JSON cannot hold, end to end; the head says how long each of them is.
 * @module
 */

const VERSION = 1;
const FIXED_BYTES = 5;

export type JobMessage = ToWorker | FromWorker;

/** A message whose bytes are elsewhere. */
interface Head {
  message: unknown;
  /** Bytes of each stretch that follows. */
  lengths: number[];
  /** Encodings of a frame, one for each stretch. */
  encodings?: FrameEncoding[];
}

export function writeMessage(message: JobMessage): Uint8Array<ArrayBuffer> {
  const { head, stretches } = message.type === "item" ? splitItem(message.item) : plain(message);
  const text = new TextEncoder().encode(JSON.stringify(head, finite));
  const fixed = new DataView(new ArrayBuffer(FIXED_BYTES));
  fixed.setUint8(0, VERSION);
  fixed.setUint32(1, text.length, true);
  return joinBytes([new Uint8Array(fixed.buffer), text, ...stretches]);
}

/** @throws BardcastError `internal` where it is none of ours, or of a version that is not known here */
export function readMessage(bytes: Uint8Array): JobMessage {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true);
    if (bytes[0] !== VERSION) throw new RangeError(`version ${bytes[0]}`);
    const head = JSON.parse(
      new TextDecoder().decode(bytes.subarray(FIXED_BYTES, FIXED_BYTES + length)),
    ) as Head;
    let at = FIXED_BYTES + length;
    const stretches = head.lengths.map((size) => {
      // Not a slice, which is no copy of a `Buffer`.
      const stretch = new Uint8Array(bytes.subarray(at, at + size));
      at += size;
      if (stretch.length < size) throw new RangeError("cut short");
      return stretch;
    });
    return joinItem(head, stretches);
  } catch (cause) {
    throw new BardcastError("internal", "a node sent what is not a message of ours", { cause });
  }
}

function plain(message: JobMessage): { head: Head; stretches: Uint8Array[] } {
  return { head: { message, lengths: [] }, stretches: [] };
}

function splitItem(item: OrderItem): { head: Head; stretches: Uint8Array[] } {
  if (!("type" in item)) {
    const { samples, mp3, ...rest } = item;
    const stretches = [new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)];
    if (mp3) stretches.push(mp3);
    return headed(rest, stretches);
  }
  if (item.type !== "frame") return headed(item, []);
  const { bytes, ...frame } = item.frame;
  const { head, stretches } = headed({ ...item, frame }, [...bytes.values()]);
  return { head: { ...head, encodings: [...bytes.keys()] }, stretches };
}

function headed(item: object, stretches: Uint8Array[]): { head: Head; stretches: Uint8Array[] } {
  const lengths = stretches.map((stretch) => stretch.length);
  return { head: { message: { type: "item", item }, lengths }, stretches };
}

function joinItem({ message, encodings }: Head, stretches: Uint8Array<ArrayBuffer>[]): JobMessage {
  const known = message as JobMessage;
  if (known.type !== "item") return known;
  const { item } = known;
  if (!("type" in item)) {
    const [samples, mp3] = stretches;
    if (samples) item.samples = new Float32Array(samples.buffer);
    if (mp3) item.mp3 = mp3;
  } else if (item.type === "frame") {
    const pairs = (encodings ?? []).map(
      (encoding, at) => [encoding, stretches[at] ?? new Uint8Array()] as const,
    );
    item.frame = { ...item.frame, bytes: new Map(pairs) };
  }
  return known;
}

/** JSON knows no endless number: what lies that far ahead is as good as a very long time. */
function finite(_key: string, value: unknown): unknown {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return value > 0 ? Number.MAX_SAFE_INTEGER : 0;
}

/** The text of dm20 messages, and their base64 alone, for as much sound as a few sentences have. */
import { toBase64 } from "../../src/core/base64.ts";
import { type Clip, clipMessages, DEFAULT_CHUNK_BYTES } from "../../src/core/protocol/dm20.ts";
import { answer } from "../support/answer.ts";

const CHUNKS = 400;
const bytes = Uint8Array.from({ length: CHUNKS * DEFAULT_CHUNK_BYTES }, (_, at) => at * at * 31);
const clip: Clip = { format: "wav", bytes, sampleRate: 24_000, durationMs: 34_000 };
const sink = new Uint8Array(2 * DEFAULT_CHUNK_BYTES);
const encoder = new TextEncoder();

/** µs a chunk, until its text lies in memory as it is sent. */
function timed(make: () => readonly string[]): number {
  const start = performance.now();
  for (const text of make()) encoder.encodeInto(text, sink);
  return ((performance.now() - start) * 1000) / CHUNKS;
}

function plain(): string[] {
  return Array.from({ length: CHUNKS }, (_, at) =>
    toBase64(bytes.subarray(at * DEFAULT_CHUNK_BYTES, (at + 1) * DEFAULT_CHUNK_BYTES)),
  );
}

answer({ messages: () => timed(() => clipMessages(clip)), base64: () => timed(plain) });

import { expect, test } from "bun:test";
import { ClipAssembler } from "../../../../src/client/session/dm20/clip-assembler.ts";
import { parseDm20Message } from "../../../../src/client/session/dm20/dm20-messages.ts";
import { type AudioMessage, clipMessages } from "../../../../src/core/protocol/dm20.ts";

function chunksOf(bytes: Uint8Array, durationMs = 900): AudioMessage[] {
  const texts = clipMessages({ format: "wav", bytes, sampleRate: 24_000, durationMs }, 256);
  return texts.map((text) => parseDm20Message(text) as AudioMessage);
}

function bytesFrom(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i * 7) & 255);
}

/** The clips that come out when all these chunks went in. */
function assembled(assembler: ClipAssembler, chunks: readonly (AudioMessage | undefined)[]): Uint8Array[] {
  return chunks.flatMap((chunk) => (chunk ? (assembler.add(chunk)?.bytes ?? []) : []));
}

test("chunks in order make the clip that was cut", () => {
  const bytes = bytesFrom(1, 1000);
  const assembler = new ClipAssembler();
  const chunks = chunksOf(bytes);
  for (const chunk of chunks.slice(0, -1)) expect(assembler.add(chunk)).toBeUndefined();
  expect(assembler.add(chunks.at(-1) as AudioMessage)).toEqual({
    format: "wav",
    bytes,
    sampleRate: 24_000,
    durationMs: 900,
  });
});

test("chunks of one clip may come in any order, even the first one last", () => {
  const bytes = bytesFrom(2, 1000);
  const [a, b, c, d] = chunksOf(bytes);
  expect(assembled(new ClipAssembler(), [d, b, c, a])).toEqual([bytes]);
});

test("a second chunk 0 abandons an incomplete clip, even of the same size and length", () => {
  const [a, b, c] = chunksOf(bytesFrom(3, 1000));
  const next = bytesFrom(90, 1000);
  expect(assembled(new ClipAssembler(), [a, b, c, ...chunksOf(next)])).toEqual([next]);
});

test("a chunk of another clip abandons an incomplete one", () => {
  const [a, b] = chunksOf(bytesFrom(4, 1000));
  const next = bytesFrom(5, 300);
  expect(assembled(new ClipAssembler(), [a, b, ...chunksOf(next, 300)])).toEqual([next]);
});

test("a chunk that comes twice counts once", () => {
  const bytes = bytesFrom(6, 700);
  const [a, b, c] = chunksOf(bytes);
  expect(assembled(new ClipAssembler(), [a, b, b, c])).toEqual([bytes]);
});

test("a clip with more bytes than allowed is passed over as a whole, and the next one is heard", () => {
  const assembler = new ClipAssembler({ maxBytes: 600 });
  const small = bytesFrom(8, 500);
  expect(assembled(assembler, chunksOf(bytesFrom(7, 700)))).toEqual([]);
  expect(assembled(assembler, chunksOf(bytesFrom(7, 5000)))).toEqual([]);
  expect(assembled(assembler, chunksOf(small))).toEqual([small]);
});

test("a clip with a chunk that is not base64, empty or out of range is passed over as a whole", () => {
  const bytes = bytesFrom(9, 700);
  for (const damage of [{ data: "%%%" }, { data: "" }, { sequence: 3 }]) {
    const assembler = new ClipAssembler();
    const [a, b, c] = chunksOf(bytes) as [AudioMessage, AudioMessage, AudioMessage];
    expect(assembled(assembler, [a, { ...b, ...damage }, b, c])).toEqual([]);
    expect(assembled(assembler, chunksOf(bytes))).toEqual([bytes]);
  }
});

test("messages that are malformed or of an unknown type are not messages", () => {
  const bad = [
    "",
    "null",
    "[]",
    '"audio"',
    '{"type":"toString"}',
    '{"type":"narrative","id":1,"timestamp":"t","content":"c"}',
    '{"type":"audio","format":"exe","data":"","sequence":0,"total_chunks":1,"sample_rate":1,"duration_ms":1}',
    '{"type":"audio","format":"wav","data":"","sequence":-1,"total_chunks":1,"sample_rate":1,"duration_ms":1}',
    new Uint8Array(4),
  ];
  for (const data of bad) expect(parseDm20Message(data)).toBeUndefined();
});

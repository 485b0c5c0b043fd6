import { expect, test } from "bun:test";
import { type JobMessage, readMessage, writeMessage } from "../../../src/nats/synthesis/message-codec.ts";
import type { OrderItem } from "../../../src/pool/protocol.ts";
import { job } from "../../pool/speaking.ts";

const FRAME: OrderItem = {
  type: "frame",
  frame: {
    begins: true,
    ends: false,
    packets: 5,
    samples: 2_400,
    bytes: new Map([
      ["opus", Uint8Array.of(1, 2, 3)],
      ["opus-low", new Uint8Array(0)],
      ["pcm16", new Uint8Array(70_000).fill(7)],
    ]),
  },
};
const PIECE: OrderItem = {
  samples: Float32Array.of(0.5, -1, 1e-9),
  sampleRate: 22_050,
  words: [[0, 3, 0, 120]],
};

const MESSAGES: readonly JobMessage[] = [
  { type: "order", order: { kind: "speak", engine: "tone", job: job("Grüße, 龍!") } },
  { type: "credit", count: 8 },
  { type: "cancel" },
  { type: "item", item: FRAME },
  { type: "item", item: PIECE },
  { type: "item", item: { ...PIECE, mp3: Uint8Array.of(255, 251) } },
  { type: "item", item: { type: "clip", messages: ["{}", "{}"], durationMs: 20 } },
  { type: "item", item: { type: "progress", samples: 12 } },
  { type: "done" },
  { type: "failed", error: { code: "engine-failed", message: "it stumbled", retryable: false } },
];

test("orders and sound are the same on the other side", () => {
  for (const message of MESSAGES) {
    const bytes = writeMessage(message);
    expect(readMessage(bytes)).toEqual(message);
    // As a client hands them out: somewhere in a larger buffer, at any byte, whose slices are no copies.
    const chunk = Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(2)]);
    expect(readMessage(chunk.subarray(3, 3 + bytes.length))).toEqual(message);
  }
});

test("what is ahead without an end is far ahead on the other side, too", () => {
  const endless = { ...job(), aheadMs: Number.POSITIVE_INFINITY };
  const read = readMessage(
    writeMessage({ type: "order", order: { kind: "speak", engine: "tone", job: endless } }),
  );
  expect(read).toMatchObject({ order: { job: { aheadMs: Number.MAX_SAFE_INTEGER } } });
});

test("what is cut short, of another version or somebody else's is refused with a code", () => {
  const whole = writeMessage({ type: "item", item: FRAME });
  const other = whole.slice();
  other[0] = 2;
  const strange = [
    other,
    whole.slice(0, -1),
    whole.slice(0, 20),
    new Uint8Array(0),
    new TextEncoder().encode("hello"),
  ];
  for (const bytes of strange) expect(() => readMessage(bytes)).toThrow("not a message of ours");
});

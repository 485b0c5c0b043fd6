import { expect, test } from "bun:test";
import { BoundedQueue } from "../../src/core/async/bounded-queue.ts";
import { nextTurn, TimeSlicer } from "../../src/core/async/time-slicer.ts";
import { fromBase64, toBase64 } from "../../src/core/base64.ts";
import { floatToInt16, int16ToFloat } from "../../src/core/dsp/pcm.ts";
import { encodeWav, WAV_HEADER_BYTES } from "../../src/core/dsp/wav.ts";
import { BardcastError, fromWire, toWire } from "../../src/core/errors.ts";
import { clipMessages } from "../../src/core/protocol/dm20.ts";

test("every 16-bit sample survives the way to float and back", () => {
  const all = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
  expect(floatToInt16(int16ToFloat(all))).toEqual(all);
});

test("samples beyond full scale are clipped, not wrapped", () => {
  expect([...floatToInt16(new Float32Array([2, -2, 1, -1]))]).toEqual([32_767, -32_768, 32_767, -32_768]);
});

test("a WAV file says what it holds", () => {
  const wav = encodeWav(new Float32Array([0, 0.5, -0.5]), 22_050);
  const view = new DataView(wav.buffer);
  expect(wav.length).toBe(WAV_HEADER_BYTES + 6);
  expect(new TextDecoder().decode(wav.subarray(0, 4))).toBe("RIFF");
  expect(view.getUint32(4, true)).toBe(wav.length - 8);
  expect(view.getUint32(24, true)).toBe(22_050);
  expect(view.getUint32(40, true)).toBe(6);
  expect([44, 46, 48].map((at) => view.getInt16(at, true))).toEqual([0, 16_384, -16_384]);
});

test("base64 of every length comes back", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  }
});

test("a clip's chunks are numbered, sized, keyed and joined as dm20 clients expect", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
  const texts = clipMessages({ format: "wav", bytes, sampleRate: 22_050, durationMs: 45 }, 256);
  const messages = texts.map((text) => JSON.parse(text));
  expect(messages).toHaveLength(4);
  expect(Object.keys(messages[0])).toEqual([
    "type",
    "format",
    "data",
    "sequence",
    "total_chunks",
    "sample_rate",
    "duration_ms",
  ]);
  expect(messages.map((message) => message.sequence)).toEqual([0, 1, 2, 3]);
  expect(messages.every((message) => message.total_chunks === 4 && message.duration_ms === 45)).toBe(true);
  expect(Buffer.concat(messages.map((message) => fromBase64(message.data)))).toEqual(Buffer.from(bytes));
});

test("an error keeps its code across a wire; a stranger's message stays at home", () => {
  const error = fromWire(toWire(new BardcastError("busy", "later", { retryable: true })));
  expect(error).toMatchObject({ code: "busy", message: "later", retryable: true });
  expect(toWire(new Error("secret at /home/dm"))).toMatchObject({ code: "internal" });
  expect(toWire(new Error("secret at /home/dm")).message).not.toContain("secret");
});

test("a full queue makes its producer wait, and an aborted wait rejects", async () => {
  const queue = new BoundedQueue<number>(2);
  await queue.push(1);
  await queue.push(2);
  expect(queue.offer(3)).toBe(false);
  let pushed = false;
  const waiting = queue.push(3).then(() => {
    pushed = true;
  });
  await nextTurn();
  expect(pushed).toBe(false);
  const items = queue[Symbol.asyncIterator]();
  expect((await items.next()).value).toBe(1);
  await waiting;
  const controller = new AbortController();
  const aborted = queue.push(4, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
});

test("a queue that failed gives out what waits, then throws", async () => {
  const queue = new BoundedQueue<number>(4);
  queue.offer(1);
  queue.fail(new Error("broken"));
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of queue) seen.push(item);
  })();
  await expect(reading).rejects.toThrow("broken");
  await reading.catch(() => undefined);
  expect(seen).toEqual([1]);
});

test("work that passes the turnstile lets other work in between", async () => {
  const timeSlicer = new TimeSlicer(1);
  let turnsSeen = 0;
  let working = true;
  const other = (async () => {
    while (working) {
      await nextTurn();
      turnsSeen += 1;
    }
  })();
  for (let step = 0; step < 30; step++) {
    await timeSlicer.pass();
    const until = performance.now() + 1;
    while (performance.now() < until);
  }
  working = false;
  await other;
  expect(turnsSeen).toBeGreaterThan(5);
});

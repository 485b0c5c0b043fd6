import { expect, test } from "bun:test";
import fc from "fast-check";
import { BardcastError } from "../../../src/core/errors.ts";
import {
  decodeFrame,
  encodeFrame,
  type Frame,
  packOpus,
  unpackOpus,
} from "../../../src/core/protocol/frame.ts";

const uint = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.uint8Array({ maxLength }).map((array) => new Uint8Array(array));

const frames: fc.Arbitrary<Frame> = fc.record({
  first: fc.boolean(),
  last: fc.boolean(),
  discontinuity: fc.boolean(),
  handle: uint(16),
  sequence: uint(32),
  ptsSamples: uint(32),
  packets: uint(16),
  payload: bytes(200),
});

test("every frame comes back as it was, also from the middle of a larger buffer", () => {
  fc.assert(
    fc.property(frames, uint(4), (frame, offset) => {
      const encoded = encodeFrame(frame);
      const moved = new Uint8Array(encoded.length + offset + 3);
      moved.set(encoded, offset);
      expect(decodeFrame(moved.subarray(offset, offset + encoded.length))).toEqual(frame);
    }),
  );
});

test("any bytes are a frame that encodes to them, or an error with a code", () => {
  const near = fc
    .tuple(fc.constantFrom(1, 2, 2, 3), fc.uint8Array({ size: "max", maxLength: 40 }))
    .map(([version, rest]) => {
      return new Uint8Array([version, ...rest]);
    });
  let decoded = 0;
  fc.assert(
    fc.property(near, (input) => {
      const canonical = input.slice();
      canonical[1] = (canonical[1] ?? 0) & 7;
      canonical.fill(0, 14, 16);
      try {
        expect(encodeFrame(decodeFrame(input))).toEqual(canonical);
        decoded += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(BardcastError);
        expect(error).toMatchObject({ code: "bad-frame" });
        expect(input[0] !== 2 || input.length < 16).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
  expect(decoded).toBeGreaterThan(0);
});

test("packets of Opus come back as they were", () => {
  fc.assert(
    fc.property(fc.array(bytes(60), { minLength: 1, maxLength: 50 }), uint(5), (packets, headroom) => {
      const payload = packOpus(packets, headroom).subarray(headroom);
      expect(unpackOpus({ payload, packets: packets.length })).toEqual(packets);
    }),
  );
});

test("packets that do not fill their frame exactly are an error with a code", () => {
  fc.assert(
    fc.property(
      fc.array(bytes(20), { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1 }),
      (packets, cut) => {
        const whole = packOpus(packets);
        const payload = whole.subarray(0, whole.length - 1 - (cut % whole.length));
        for (const wrong of [
          { payload, packets: packets.length },
          { payload: whole, packets: packets.length + 1 },
        ]) {
          expect(() => unpackOpus(wrong)).toThrow(expect.objectContaining({ code: "bad-frame" }));
        }
      },
    ),
  );
});

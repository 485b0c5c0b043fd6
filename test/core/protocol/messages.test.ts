import { expect, test } from "bun:test";
import { parseV2ClientMessage } from "../../../src/core/protocol/messages.ts";

test("a probe may say how long before it is heard a sound must be sent", () => {
  const probe = { type: "clock", t0: 12.5, latencyMs: 80 };
  expect(parseV2ClientMessage(probe)).toEqual(probe as never);
  expect(parseV2ClientMessage({ type: "clock", t0: 1 })).toEqual({ type: "clock", t0: 1 });
  for (const latencyMs of [-1, Infinity, "80", null]) {
    expect(() => parseV2ClientMessage({ ...probe, latencyMs })).toThrow("latencyMs");
  }
});

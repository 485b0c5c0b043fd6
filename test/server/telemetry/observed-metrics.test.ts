import { expect, test } from "bun:test";
import { Registry } from "prom-client";
import { Measures } from "../../../src/server/telemetry/measures.ts";
import { observedMetrics } from "../../../src/server/telemetry/observed-metrics.ts";

test("one client that reports what cannot be does not spoil the sum that all the others are in", async () => {
  const registry = new Registry();
  const observe = observedMetrics(new Measures(registry));
  for (const skewMs of [4, 1e308, -1e308, Number.MAX_VALUE])
    observe({ type: "client.reported", state: "playing", skewMs });
  const text = await registry.metrics();
  const [, sum] = /^bardcast_client_skew_seconds_sum (.+)$/m.exec(text) ?? [];
  expect(Number(sum)).toBeLessThan(100);
  expect(text).toContain("bardcast_client_skew_seconds_count 4");
});

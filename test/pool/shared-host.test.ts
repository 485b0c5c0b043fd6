import { expect, test } from "bun:test";
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { createSpeechHost } from "../../src/pool/create-speech-host.ts";
import { SharedHost } from "../../src/pool/shared-host.ts";

const VOICE = { voiceId: "en", language: "en", speed: 1, pitch: 0, outputFormat: "wav", extra: {} } as const;

async function say(engine: SpeakingEngine | undefined, text: string): Promise<number> {
  let samples = 0;
  for await (const piece of engine?.synthesize(text, VOICE) ?? []) samples += piece.samples.length;
  return samples;
}

test("a party with many sentences keeps another one waiting for two of them at most", async () => {
  const host = await createSpeechHost({ engines: ["espeak"], size: 1 });
  const shared = new SharedHost(host);
  const [busy] = shared.viewOf("busy").engines;
  const [small] = shared.viewOf("small").engines;
  const order: string[] = [];
  const many = Array.from({ length: 12 }, async (_, index) => {
    await say(busy, `Sentence number ${index}.`);
    order.push("busy");
  });
  expect(shared.status().queued).toBeGreaterThan(5);
  const samples = await say(small, "One word.");
  order.push("small");
  await Promise.all(many);
  expect(samples).toBeGreaterThan(5_000);
  // One is being spoken, and one is on its way to the worker.
  expect(order.indexOf("small")).toBeLessThanOrEqual(3);
  await shared.viewOf("small").close();
  expect(await say(busy, "Still here.")).toBeGreaterThan(5_000);
  await shared.close();
}, 20_000);

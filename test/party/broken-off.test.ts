import { expect, test } from "bun:test";
import type { PcmPiece } from "../../src/core/dsp/audio.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { setTable } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2Client } from "../support/v2-client.ts";

/** Breaks off in the middle of sentences that begin with "Ah". */
class Frail extends ToneEngine {
  constructor() {
    super({ name: "frail", samplesPerChar: 2400 });
  }

  override async *synthesize(
    ...args: Parameters<ToneEngine["synthesize"]>
  ): AsyncGenerator<PcmPiece, void, undefined> {
    for await (const piece of super.synthesize(...args)) {
      yield piece;
      if (args[0].startsWith("Ah")) throw new Error("it broke off");
    }
  }
}

async function setFrailTable(...others: ToneEngine[]) {
  const frail = new Frail();
  const engines = [frail, ...others];
  const tiers = { speed: engines.map(({ name }) => name) };
  const router = new TTSRouter({ engines, tiers, health: { firstProbeMs: 60_000 } });
  const table = await setTable({ streams: { router } });
  return { ...table, frail };
}

test("who heard the beginning of a sentence does not hear it again; who hears whole ones gets it whole, from another", async () => {
  const sound = new ToneEngine({ name: "sound" });
  const table = await setFrailTable(sound);
  const [thorin, elara] = [new V2Client(table, "thorin"), table.join("elara")];
  const report = await table.streams.speak({ text: "Ah, first. Second." }).handedOver;
  expect(thorin.of("speech.fallback")).toMatchObject([
    { sentence: 0, mode: "caption", reason: "engine-failed" },
  ]);
  const begins = thorin.frames.filter(({ discontinuity }) => discontinuity);
  expect(begins).toHaveLength(2);
  expect(thorin.of("speech.text").filter(({ words }) => words)).toHaveLength(1);
  expect(elara.clips).toHaveLength(2);
  expect(sound.asked).toEqual(["Ah, first.", "Second."]);
  expect(report).toMatchObject({ engines: ["sound"], sentences: 2 });
});

test("nothing is made up where nobody hears whole sentences", async () => {
  const sound = new ToneEngine({ name: "sound" });
  const table = await setFrailTable(sound);
  new V2Client(table, "thorin");
  await table.streams.speak({ text: "Ah, first. Second." }).handedOver;
  expect(sound.asked).toEqual(["Second."]);
});

test("an engine that breaks off sentence after sentence is still asked for the next, where there is no other", async () => {
  const table = await setFrailTable();
  const thorin = new V2Client(table, "thorin");
  await table.streams.speak({ text: "Ah, one. Ah, two. Ah, three. Four." }).handedOver;
  expect(thorin.of("speech.fallback").map(({ sentence, mode }) => [sentence, mode])).toEqual([
    [0, "caption"],
    [1, "caption"],
    [2, "caption"],
  ]);
  expect(table.frail.asked).toHaveLength(4);
});

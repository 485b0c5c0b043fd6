import { expect, test } from "bun:test";
import { ClausePlan } from "../../../src/engines/sherpa/clause-plan.ts";
import { Pace } from "../../../src/engines/sherpa/pace.ts";
import type { SherpaTts } from "../../../src/engines/sherpa/sherpa-library.ts";
import { speakInClauses } from "../../../src/engines/sherpa/speak-in-clauses.ts";

const RATE = 1000;
const MS_PER_LETTER = 20;
/** Three clauses that last as long as each other. */
const TEXT = "the bridge creaks, the dragon turns, the keeper waits.";

/** Speaks with a voice that is made in so many ms for a ms of speech, and tells what happens in which order. */
async function eventsOf({ rtf, isBlocking = false }: { rtf: number; isBlocking?: boolean }): Promise<string> {
  const events: string[] = [];
  const tts: SherpaTts = {
    sampleRate: RATE,
    speakers: 1,
    isBlocking,
    async speak({ text }, onPiece) {
      events.push("begun");
      const lengthMs = text.length * MS_PER_LETTER;
      if (!isBlocking) await Bun.sleep(lengthMs * rtf);
      events.push("made");
      onPiece(new Float32Array((lengthMs * RATE) / 1000).fill(0.1));
    },
  };
  const pace = new Pace();
  for (let time = 0; time < 12; time++) {
    const audioMs = 20 * MS_PER_LETTER;
    pace.note("x".repeat(20), { audioMs, tookMs: audioMs * rtf, speed: 1 });
  }
  const plan = new ClausePlan(TEXT, { pace, speed: 1, aheadMs: 0, whole: false });
  const options = { plan, pace, sampleRate: RATE, signal: undefined };
  for await (const samples of speakInClauses(tts, { speaker: 0, speed: 1 }, options))
    if (samples.length > 0) events.push("heard");
  return events.join(" ");
}

/** Tried again where the machine had other things to do than to keep the time. */
async function once(expected: string, voice: Parameters<typeof eventsOf>[0]): Promise<void> {
  let events = "";
  for (let time = 0; time < 5 && events !== expected; time++) events = await eventsOf(voice);
  expect(events).toBe(expected);
}

test("of a voice that is made more slowly than it is heard, what was held back is heard while a clause is being made", async () => {
  await once("begun made begun heard made begun heard made heard", { rtf: 1.2 });
}, 30_000);

test("while a clause is given out the next one is being made, but not where that would keep it waiting", async () => {
  await once("begun made begun heard made heard", { rtf: 0.5 });
  expect(await eventsOf({ rtf: 0.5, isBlocking: true })).toStartWith("begun made heard begun made");
}, 30_000);

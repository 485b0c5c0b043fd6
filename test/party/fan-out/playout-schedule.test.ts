import { expect, test } from "bun:test";
import { MessageLog } from "../../../src/party/fan-out/message-log.ts";
import { PlayoutSchedule } from "../../../src/party/fan-out/playout-schedule.ts";
import { StartDelay } from "../../../src/party/fan-out/start-delay.ts";
import { Sequencer } from "../../../src/party/transport/sequencer.ts";
import { until } from "../../support/table.ts";

interface Told {
  fromMs: number;
  startAt: number;
}

const HEAD = { utterance: "u", speaker: "dm", private: false, priority: 0 };
const MANNER = { language: "en", speed: 1, pitch: 0, interrupt: false };

/** A cue on a clock that is set by hand. */
class Rig {
  nowMs = 0;
  readonly told: Told[] = [];
  readonly messages = new MessageLog(new Sequencer(), { ...HEAD, ...MANNER });
  readonly schedule = new PlayoutSchedule({
    sequencer: { now: () => this.nowMs },
    messages: this.messages,
    startDelay: { ms: 100 },
    tell: (fromMs, startAt) => this.told.push(JSON.parse(this.messages.move(fromMs, startAt).text("opus"))),
  });

  make(toMs: number, marks: { begins?: boolean; ends?: boolean } = {}): void {
    const fromMs = this.messages.lengthMs;
    this.messages.countFrame((toMs - fromMs) * 24);
    this.schedule.made({ fromMs, toMs, begins: marks.begins ?? false, ends: marks.ends ?? false });
  }

  get moves(): Told[] {
    return this.told.map(({ fromMs, startAt }) => ({ fromMs, startAt }));
  }
}

test("who is free earlier may set a line earlier, but not by next to nothing", () => {
  const rig = new Rig();
  rig.schedule.start(5_000);
  rig.schedule.start(4_980);
  rig.schedule.start(6_000);
  rig.schedule.start(2_000);
  expect(rig.moves).toEqual([
    { fromMs: 0, startAt: 5_000 },
    { fromMs: 0, startAt: 2_000 },
  ]);
});

test("sound in time moves nothing; sound that is too late makes all pause before it, and then some", () => {
  const rig = new Rig();
  rig.schedule.start(0);
  rig.make(1_000, { begins: true, ends: true });
  rig.nowMs = 900;
  rig.make(1_500, { begins: true });
  expect(rig.moves).toHaveLength(1);
  rig.nowMs = 2_000;
  rig.make(2_000);
  expect(rig.moves.at(-1)).toEqual({ fromMs: 1_500, startAt: 2_000 + 100 + 200 });
  rig.schedule.close();
});

test("speech that runs dry in mid-sentence pauses between two words, until it is known when it goes on", async () => {
  const rig = new Rig();
  rig.schedule.start(0);
  rig.schedule.words([300, 700, 950, 1_400]);
  rig.make(1_000, { begins: true });
  rig.nowMs = 900;
  rig.make(1_010);
  await until(() => rig.moves.length === 2);
  expect(rig.moves[1]?.fromMs).toBe(950);
  rig.nowMs = 1_200;
  rig.make(1_500, { ends: true });
  expect(rig.moves.at(-1)).toEqual({ fromMs: 950, startAt: 1_200 + 100 + 200 });
});

test("the end of a sentence is no reason to pause within it", async () => {
  const rig = new Rig();
  rig.schedule.start(0);
  rig.schedule.words([300, 700]);
  rig.make(800, { begins: true, ends: true });
  rig.nowMs = 790;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(rig.moves).toHaveLength(1);
});

test("a line that was held goes on from the sentence that was heard then", () => {
  const rig = new Rig();
  rig.schedule.start(0);
  rig.make(1_000, { begins: true, ends: true });
  rig.make(2_000, { begins: true, ends: true });
  rig.schedule.hold();
  rig.nowMs = 5_000;
  rig.make(3_000, { begins: true, ends: true });
  expect(rig.moves).toHaveLength(1);
  expect(rig.schedule.goOn(1_600, 6_000)).toBe(6_000 + 2_000);
  expect(rig.moves.at(-1)).toEqual({ fromMs: 1_000, startAt: 6_000 });
});

test("a lead is looked up now and then, and stays within its limits", () => {
  let now = 0;
  let needs: (number | undefined)[] = [];
  const startDelay = new StartDelay(
    () => needs,
    () => now,
  );
  const seen = [[], [undefined], [10], [200, undefined, 90], [3_000]].map((next) => {
    needs = next;
    now += 300;
    return startDelay.ms;
  });
  expect(seen).toEqual([150, 150, 60, 215, 400]);
  needs = [20];
  expect(startDelay.ms).toBe(400);
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { Timeline } from "../../../src/core/clock/timeline.ts";
import { seeded } from "../../support/random.ts";
import { ContextDevice, type Device, type HeardBlock, RingDevice } from "./devices.ts";
import { BLOCK } from "./marked-line.ts";
import { type Deed, PlayoutModel, type Told } from "./model.ts";

const SEED = Number(process.env.PLAYOUT_SEED ?? 12);
const RUNS = Number(process.env.PLAYOUT_RUNS ?? 150);
/** Within so many frames of an order there is silence. */
const FADE = 240;
/** A reason for beginning again may come so many frames before the last that is heard before it. */
const REASONABLE = 24_000;
/** The longest jitter delay, and how long a frame that came too early waits for others. */
const PATIENCE = 24 * (1_500 + 200);
/** A sentence that is begun again may begin in the middle of a block. */
const BLOCKS_OFF = 1;

const say = fc.record({
  do: fc.constant("say" as const),
  codec: fc.constantFrom("opus" as const, "pcm16" as const),
  packets: fc.array(fc.integer({ min: 3, max: 70 }), { minLength: 1, maxLength: 3 }),
  rank: fc.constantFrom(0, 0, 0, 1, 2),
  bursts: fc.integer({ min: 1, max: 4 }),
  gapMs: fc.integer({ min: 0, max: 500 }),
  missed: fc.constantFrom(0, 0, 0, 1),
});
const pass = fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 1_200 }) });
const order = fc.oneof(
  fc.record({
    do: fc.constant("cancel" as const),
    line: fc.nat(5),
    atMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_000 })),
  }),
  fc.record({ do: fc.constant("pause" as const), line: fc.nat(5), ms: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ do: fc.constantFrom("skip" as const, "stop" as const) }),
  fc.record({ do: fc.constantFrom("silence" as const, "sound" as const) }),
  fc.record({ do: fc.constantFrom("again" as const, "restart" as const) }),
);
const calmly = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: say.map((deed): Deed => ({ ...deed, rank: 0 })) },
    { weight: 3, arbitrary: pass },
    {
      weight: 3,
      arbitrary: fc.oneof(
        fc.record({
          do: fc.constant("pause" as const),
          line: fc.nat(5),
          ms: fc.integer({ min: 1, max: 900 }),
        }),
        fc.record({
          do: fc.constant("cancel" as const),
          line: fc.nat(5),
          atMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_000 })),
        }),
        fc.record({ do: fc.constantFrom("again" as const, "skip" as const) }),
      ),
    },
  ),
  { minLength: 3, maxLength: 16 },
);
const deeds = fc.array(
  fc.oneof({ weight: 4, arbitrary: say }, { weight: 4, arbitrary: pass }, { weight: 3, arbitrary: order }),
  { minLength: 3, maxLength: 16 },
);

async function play(
  makeDevice: (nowMs: () => number) => Device,
  all: readonly Deed[],
): Promise<PlayoutModel> {
  const model = new PlayoutModel(makeDevice);
  await model.pass(500);
  for (const deed of all) await model.do(deed);
  await model.finish();
  return model;
}

/** What was heard of one line, in order. */
function ofLine(heard: readonly HeardBlock[], { index }: Told): HeardBlock[] {
  return heard.filter(({ line }) => line === index);
}

function check(model: PlayoutModel, isInStep: boolean): void {
  const heard = model.device.heard();
  expect(model.lines.isBusy).toBe(false);
  checkOverlaps(heard);
  for (const line of model.told) {
    const own = ofLine(heard, line);
    checkSilence(line, own);
    checkRepeats(model, line, own, isInStep);
    checkReports(line, own);
    if (!line.mayLack && line.silentFrom === undefined) checkWhole(line, own);
  }
  checkOrder(model, heard);
  if (!isInStep) checkPace(model, heard);
}

/** No two sounds at once, but for fades. */
function checkOverlaps(heard: readonly HeardBlock[]): void {
  for (const [at, { frame, isFading }] of heard.entries()) {
    const other = heard[at + 1];
    if (other?.frame === frame && !isFading && !other.isFading) throw new Error(`two sounds at ${frame}`);
  }
}

/** Nothing after silence was ordered, or after the place from which on nothing was wanted. */
function checkSilence(
  { id, silentFrom = Number.POSITIVE_INFINITY, cuts }: Told,
  own: readonly HeardBlock[],
): void {
  const all = [...cuts, { pts: Number.NEGATIVE_INFINITY, frame: silentFrom }];
  for (const { pts, frame: from } of all) {
    const late = own.find(({ block, frame }) => block * BLOCK > pts + FADE && frame > from + FADE + BLOCK);
    if (late)
      throw new Error(`${id}: block ${late.block} is heard at ${late.frame}, no more from ${from} on`);
  }
}

/** What is heard again is heard from where it was told to go on, and only where there was a reason. */
function checkRepeats(model: PlayoutModel, line: Told, own: readonly HeardBlock[], isInStep: boolean): void {
  let furthest = -1;
  for (const [at, { block, frame }] of own.entries()) {
    const before = own[at - 1];
    const isNext = before !== undefined && block - before.block <= 1 && block >= before.block;
    if (before && !isNext && block <= furthest) {
      const moved = line.moves.map(({ fromMs }) => fromMs * 24);
      const places = [...line.sentences, ...moved].map((place) => Math.floor(place / BLOCK));
      const isPlace = places.some((place) => Math.abs(place - block) <= BLOCKS_OFF);
      if (!isPlace && !(isInStep && isInTime(line, block, frame)))
        throw new Error(`${line.id}: begins again at block ${block}, which is no place to begin`);
      const spokenInto = model.told.filter(({ rank }) => rank > 0).flatMap(({ moves }) => moves);
      const reasons = [
        ...model.disturbances,
        ...line.moves.map((move) => move.frame),
        ...spokenInto.map(({ startAt }) => startAt * 24),
      ];
      if (!reasons.some((reason) => reason > before.frame - REASONABLE && reason <= frame))
        throw new Error(`${line.id}: begins again at block ${block} for no reason`);
    }
    furthest = Math.max(furthest, block);
  }
}

/** Whether a block was heard when all hear it, by what was known of that then. */
function isInTime({ moves }: Told, block: number, heardAt: number): boolean {
  const isBy = (until: number): boolean => {
    const timeline = new Timeline();
    for (const { fromMs, startAt, frame } of moves) if (frame <= until) timeline.move(fromMs, startAt);
    // What a block begins with may stand anywhere in it.
    return [0, 10].some(
      (ms) => Math.abs((timeline.timeOf(block * 10 + ms) ?? 0) * 24 - heardAt) <= BLOCK + 48,
    );
  };
  return isBy(heardAt) || isBy(heardAt - FADE - BLOCK);
}

/** Everything of it, and in order. */
function checkWhole(line: Told, own: readonly HeardBlock[]): void {
  const blocks = new Set(own.map(({ block }) => block));
  for (let block = Math.ceil(line.from / BLOCK); block < Math.floor(line.length / BLOCK); block++) {
    if (!blocks.has(block)) throw new Error(`${line.id}: block ${block} was not heard`);
  }
}

/** Each line ends once, and says no more than was heard, nor much less. */
function checkReports(line: Told, own: readonly HeardBlock[]): void {
  const ends = line.reports.filter(({ ended }) => ended);
  if (ends.length !== 1) throw new Error(`${line.id} ended ${ends.length} times`);
  const heardMs = new Set(own.map(({ block }) => block)).size * 10;
  const told = ends[0]?.heardMs ?? 0;
  if (told > heardMs + 20) throw new Error(`${line.id}: ${told} ms were told, ${heardMs} heard`);
  if (!line.mayLack && line.silentFrom === undefined && told < heardMs - 30)
    throw new Error(`${line.id}: only ${told} ms of ${heardMs} were told`);
}

/** Lines of one rank begin in the order in which they were said. */
function checkOrder(model: PlayoutModel, heard: readonly HeardBlock[]): void {
  const begins = model.told
    .filter(({ rank }) => rank === 0)
    .flatMap((line) => ofLine(heard, line)[0]?.frame ?? []);
  const sorted = begins.toSorted((a, b) => a - b);
  if (begins.some((frame, at) => frame !== sorted[at])) throw new Error(`in the order ${begins}`);
}

/** A line that is there is not waited for after what comes before it is over. */
function checkPace(model: PlayoutModel, heard: readonly HeardBlock[]): void {
  for (const line of model.told.filter(({ mayLack }) => !mayLack)) {
    const first = ofLine(heard, line)[0];
    if (!first) continue;
    const before = heard.findLast(({ frame, line: other }) => frame < first.frame && other !== line.index);
    const waited = first.frame - Math.max(line.cameAt, before?.frame ?? 0);
    if (waited > PATIENCE) throw new Error(`${line.id} is heard ${waited / 24} ms after it could have been`);
  }
}

const options = { seed: SEED, numRuns: RUNS, endOnFailure: process.env.PLAYOUT_QUICK !== undefined };

test("whatever happens, on an audio context lines are heard once, in order, whole, and not after their end", async () => {
  await fc.assert(
    fc.asyncProperty(deeds, fc.constantFrom(0, 30, 200), async (all, latencyMs) => {
      check(await play(() => new ContextDevice(latencyMs), all), false);
    }),
    options,
  );
}, 240_000);

test("whatever happens, in step lines are heard once, in order, whole, and not after their end", async () => {
  await fc.assert(
    fc.asyncProperty(
      deeds.map((all) => all.filter((deed) => deed.do !== "restart")),
      fc.constantFrom(10, 40, 200),
      fc.constantFrom(0, 2),
      fc.nat(1_000),
      async (all, renderedMs, wanderMs, seed) => {
        const random = seeded(seed);
        check(await play((nowMs) => new RingDevice({ nowMs, random, renderedMs, wanderMs }), all), true);
      },
    ),
    options,
  );
}, 240_000);

test("where nobody speaks into another's line every moment of it is heard when all hear it, and nowhere else", async () => {
  await fc.assert(
    fc.asyncProperty(calmly, fc.constantFrom(10, 40, 200), fc.nat(1_000), async (all, renderedMs, seed) => {
      const random = seeded(seed);
      const makeDevice = (nowMs: () => number): Device =>
        new RingDevice({ nowMs, random, renderedMs, wanderMs: 1 });
      const model = await play(makeDevice, all);
      check(model, true);
      for (const line of model.told) {
        for (const { block, frame } of ofLine(model.device.heard(), line)) {
          if (!isInTime(line, block, frame))
            throw new Error(`${line.id}: block ${block} is heard at ${frame}`);
        }
      }
    }),
    options,
  );
}, 240_000);

test("a listener who skips hears no line's beginning twice, however late sound leaves the device", async () => {
  await fc.assert(
    fc.asyncProperty(
      calmly.map((all) => all.filter((deed) => deed.do !== "pause")),
      async (all) => check(await play(() => new ContextDevice(200), all), false),
    ),
    options,
  );
}, 240_000);

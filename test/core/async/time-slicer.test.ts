import { expect, test } from "bun:test";
import { nextTurn, TimeSlicer } from "../../../src/core/async/time-slicer.ts";

/** Keeps the thread for so many ms. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Others on the thread. @returns what tells how many turns they got, and ends them */
function countTurns(): () => Promise<number> {
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      await nextTurn();
      turns += 1;
    }
  })();
  return async () => {
    isOver = true;
    await others;
    return turns;
  };
}

test("whoever waits for a turn goes on in order, and others on the thread get theirs in between", async () => {
  const timeSlicer = new TimeSlicer(1);
  const order: number[] = [];
  const turnsOfOthers = countTurns();
  const parties = Array.from({ length: 200 }, async (_, party) => {
    await timeSlicer.pass();
    order.push(party);
    work(0.2);
  });
  await Promise.all(parties);
  expect(order).toEqual(Array.from({ length: 200 }, (_, party) => party));
  // At most 16 of them in a turn whose time is up after five.
  expect(await turnsOfOthers()).toBeGreaterThan(200 / 16 - 1);
});

test("who comes later does not overtake who waits", async () => {
  const timeSlicer = new TimeSlicer(1_000);
  const order: string[] = [];
  const pass = async (name: string): Promise<void> => {
    const turn = timeSlicer.pass();
    if (turn) await turn;
    order.push(name);
  };
  let late: Promise<void> | undefined;
  const early = Array.from({ length: 40 }, async () => {
    await pass("early");
    // There is time left, but others came first.
    late ??= pass("late");
  });
  await Promise.all(early);
  await late;
  expect(order.indexOf("late")).toBe(40);
  expect(timeSlicer.pass()).toBeUndefined();
});

test("work for many is done for each once, in order, over several turns, and for who comes meanwhile", async () => {
  const timeSlicer = new TimeSlicer(1);
  const items = new Set(Array.from({ length: 100 }, (_, index) => index));
  const done: number[] = [];
  const turnsOfOthers = countTurns();
  await timeSlicer.each(items, (item) => {
    if (item === 50) items.add(100).delete(60);
    done.push(item);
    work(0.2);
  });
  expect(done).toEqual(Array.from({ length: 101 }, (_, index) => index).filter((item) => item !== 60));
  // At most 16 of them in a turn.
  expect(await turnsOfOthers()).toBeGreaterThan(100 / 16 - 2);
});

test("many who each do work for many do no more of it in a turn than one of them would", async () => {
  const timeSlicer = new TimeSlicer(1);
  const turnsOfOthers = countTurns();
  const loop = (): Promise<void> => timeSlicer.each(Array.from({ length: 32 }), () => work(0.1));
  await Promise.all(Array.from({ length: 16 }, loop));
  // 16 pieces of work are more than a turn's time; half of them are done before anybody waits.
  expect(await turnsOfOthers()).toBeGreaterThan(16 - 2);
});

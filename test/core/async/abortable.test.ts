import { expect, test } from "bun:test";
import { abortable, within } from "../../../src/core/async/abortable.ts";

const LATE = new Error("late");
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Gives the items, each after so many ms; then nothing, and never ends. */
async function* slowly<T>(items: readonly (readonly [ms: number, item: T])[]): AsyncGenerator<T> {
  for (const [ms, item] of items) {
    await pause(ms);
    yield item;
  }
  await new Promise(() => undefined);
}

async function taken<T>(items: AsyncIterable<T>, each?: (item: T) => unknown): Promise<[T[], unknown]> {
  const all: T[] = [];
  try {
    for await (const item of items) {
      all.push(item);
      await each?.(item);
    }
  } catch (error) {
    return [all, error];
  }
  return [all, undefined];
}

test("an abort ends the wait for an item at once, also after many items", async () => {
  const abort = new AbortController();
  const source = slowly(Array.from({ length: 50 }, (_, index) => [0, index] as const));
  const reason = new Error("enough");
  const [items, error] = await taken(abortable(source, abort.signal), (item) => {
    if (item === 49) setTimeout(() => abort.abort(reason), 5);
  });
  expect(items).toHaveLength(50);
  expect(error).toBe(reason);
});

test("an abort while nobody waits is noticed before the next item", async () => {
  const abort = new AbortController();
  const source = slowly([
    [0, "one"],
    [0, "two"],
  ]);
  const [items, error] = await taken(abortable(source, abort.signal), () => abort.abort());
  expect(items).toEqual(["one"]);
  expect(error).toBe(abort.signal.reason);
});

test("items that count keep a source alive for many times the silence it may have", async () => {
  const source = slowly(Array.from({ length: 8 }, () => [40, "sound"] as const));
  const [items, error] = await taken(abortable(source, undefined, { ms: 150, late: () => LATE }));
  expect(items).toHaveLength(8);
  expect(error).toBe(LATE);
});

test("items that do not count do not", async () => {
  const source = slowly(Array.from({ length: 50 }, () => [20, "still at it"] as const));
  const silence = { ms: 150, late: () => LATE, counts: () => false };
  const [items, error] = await taken(abortable(source, undefined, silence));
  expect(error).toBe(LATE);
  expect(items.length).toBeLessThan(50);
});

test("the time that whoever takes the items needs is not silence", async () => {
  const source = slowly([
    [0, "one"],
    [0, "two"],
  ]);
  const silence = { ms: 60, late: () => LATE };
  const [items] = await taken(abortable(source, undefined, silence), () => pause(150));
  expect(items).toEqual(["one", "two"]);
});

test("nothing listens to a signal any more when the items are over", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    },
  });
  for await (const item of abortable(slowly([[0, "one"]]), signal)) if (item === "one") break;
  expect(listeners).toBe(0);
});

/** Keeps this thread busy, as a machine does that has more to do than it can. */
function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Has this thread so much to do that timers come sixty times later than they should. */
async function whileBusy<T>(wait: () => Promise<T>): Promise<T> {
  const work = setInterval(() => busy(60), 1);
  return wait().finally(() => clearInterval(work));
}

test("who answers is not blamed for the time in which this thread could not listen", async () => {
  const answer = async (): Promise<string> => {
    // Each of them is there long before the thread comes to look.
    for (let step = 0; step < 8; step++) await pause(1);
    return "done";
  };
  const limit = { ms: 200, late: () => LATE };
  expect(await whileBusy(() => within(answer(), limit).catch((error) => error))).toBe("done");
});

test("nor is a source for an item that this thread could not take yet", async () => {
  const source = (async function* () {
    for (let step = 0; step < 8; step++) await pause(1);
    yield "sound";
  })();
  const taking = taken(abortable(source, undefined, { ms: 200, late: () => LATE }));
  expect(await whileBusy(() => taking)).toEqual([["sound"], undefined]);
});

test("who never answers is not waited for", async () => {
  const never = within(new Promise(() => undefined), { ms: 30, late: () => LATE });
  expect(await never.catch((error) => error)).toBe(LATE);
});

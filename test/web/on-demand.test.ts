import { expect, test } from "bun:test";
import type { OtherMessage } from "../../src/client/index.ts";
import { OnDemand } from "../../src/web/shared/on-demand.ts";

const tick = (): Promise<void> => Bun.sleep(1);

/** A family's code that notes what it is handed, once it has come. */
function code() {
  const taken: OtherMessage[] = [];
  let loads = 0;
  let come = (): void => undefined;
  const load = () => {
    loads += 1;
    return new Promise<{ take(message: OtherMessage): void }>((resolve) => {
      come = () => resolve({ take: (message) => taken.push(message) });
    });
  };
  return { taken, load, come: () => come(), loads: () => loads };
}

test("a family's code is loaded with its first message, and is handed all of them in order", async () => {
  const sound = code();
  const onDemand = new OnDemand({ sound: sound.load });
  expect(sound.loads()).toBe(0);
  onDemand.take({ type: "sound.beds", at: 1 });
  onDemand.take({ type: "sound.hit", at: 2 });
  expect(sound.taken).toEqual([]);
  sound.come();
  await tick();
  onDemand.take({ type: "sound.beds", at: 3 });
  expect(sound.taken.map(({ at }) => at)).toEqual([1, 2, 3]);
  expect(sound.loads()).toBe(1);
});

test("a message of a family without code is passed over, whatever it is called", () => {
  const onDemand = new OnDemand({});
  for (const type of ["tune.begin", "constructor", "__proto__", ""]) onDemand.take({ type });
});

test("code that cannot be had is asked for again by the next message, which finds the last 64 waiting", async () => {
  const taken: unknown[] = [];
  let isThere = false;
  const onDemand = new OnDemand({
    sound: async () => {
      if (!isThere) throw new Error("no network");
      return { take: ({ at }) => taken.push(at) };
    },
  });
  for (let at = 0; at < 100; at++) onDemand.take({ type: "sound.hit", at });
  await tick();
  expect(taken).toEqual([]);
  isThere = true;
  onDemand.take({ type: "sound.hit", at: 100 });
  await tick();
  expect(taken).toEqual(Array.from({ length: 64 }, (_, index) => index + 37));
});

import { expect, test } from "bun:test";
import { FairTurns } from "../../../src/core/async/fair-turns.ts";

/** Takes turns one after the other, and notes who has them. */
function taker(turns: FairTurns): { served: string[]; take: (group: string) => Promise<void> } {
  const served: string[] = [];
  return {
    served,
    async take(group) {
      const end = await turns.take(group);
      served.push(group);
      await Promise.resolve();
      end();
    },
  };
}

test("groups are served in turn, however much one of them wants", async () => {
  const { served, take } = taker(new FairTurns(1, 100));
  await Promise.all([..."aaaaabbc"].map(take));
  expect(served.join("")).toBe("aabcabaa");
});

test("who gives up while it waits leaves its place; who gives up once it was served does not", async () => {
  const turns = new FairTurns(1, 100);
  const end = await turns.take("a");
  const abort = new AbortController();
  const given = turns.take("b", abort.signal);
  const waiting = turns.take("b");
  abort.abort();
  await expect(given).rejects.toMatchObject({ code: "cancelled" });
  expect(turns.waiting("b")).toBe(1);
  const late = new AbortController();
  const last = turns.take("c", late.signal);
  end();
  // Ended twice, it lets in one.
  end();
  const endSecond = await waiting;
  endSecond();
  late.abort();
  (await last)();
  expect(turns.waiting()).toBe(0);
  // The turn is free again.
  (await turns.take("a"))();
});

test("a group that waits for too much is refused, and no other", async () => {
  const turns = new FairTurns(1, 2);
  const end = await turns.take("a");
  const waiting = [turns.take("a"), turns.take("a")];
  await expect(turns.take("a")).rejects.toMatchObject({ code: "busy", retryable: true });
  const other = turns.take("b");
  end();
  for (const each of [...waiting, other]) void each.then((endEach) => endEach());
  await Promise.all([...waiting, other]);
});

import { expect, test } from "bun:test";
import { deferred } from "../../../src/core/async/deferred.ts";
import { IdleGate } from "../../../src/engines/cache/idle-gate.ts";

const FOREVER = new AbortController().signal;

test("pieces of work that come together are done one after the other", async () => {
  const way = new IdleGate();
  let atOnce = 0;
  const work = async (): Promise<number> => {
    atOnce += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
    return atOnce--;
  };
  const all = await Promise.all([1, 2, 3].map(() => way.whenQuiet(work, FOREVER)));
  expect(all).toEqual([1, 1, 1]);
});

test("work stops for what is urgent, waits for all of it, and begins anew", async () => {
  const way = new IdleGate();
  const log: string[] = [];
  const begun = deferred();
  const working = way.whenQuiet(async (signal) => {
    log.push("begun");
    begun.resolve();
    if (log.length > 1) return "done";
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    return "never";
  }, FOREVER);
  await begun.promise;
  const [leave, leaveToo] = [way.enter(), way.enter()];
  leave();
  await new Promise((resolve) => setTimeout(resolve, 2));
  log.push("urgent");
  leaveToo();
  expect(await working).toBe("done");
  expect(log).toEqual(["begun", "urgent", "begun"]);
});

test("whoever gives up waits no longer, and what fails by itself is not tried again", async () => {
  const way = new IdleGate();
  const leave = way.enter();
  const cancel = new AbortController();
  const waiting = way.whenQuiet(async () => "never", cancel.signal);
  cancel.abort(new Error("never mind"));
  await expect(waiting).rejects.toThrow("never mind");
  leave();
  const failing = way.whenQuiet(() => Promise.reject(new Error("broken")), FOREVER);
  await expect(failing).rejects.toThrow("broken");
  expect(await way.whenQuiet(async () => "free", FOREVER)).toBe("free");
});

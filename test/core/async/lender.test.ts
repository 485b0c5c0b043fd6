import { expect, test } from "bun:test";
import { Lender } from "../../../src/core/async/lender.ts";

test("who is served and gives up in the same turn leaves the others in the queue", async () => {
  const lender = new Lender<string>(10);
  const abort = new AbortController();
  const first = lender.borrow({ signal: abort.signal });
  const second = lender.borrow();
  await Promise.resolve();
  lender.add("one");
  abort.abort();
  lender.add(await first);
  expect(await second).toBe("one");
});

import { expect, test } from "bun:test";
import { Sequencer } from "../../../src/party/transport/sequencer.ts";

test("a handle that another process gave out long ago has none given out again", () => {
  const sequencer = new Sequencer();
  sequencer.reachedHandle(7);
  sequencer.reachedHandle(3);
  expect(sequencer.nextHandle()).toBe(8);
  for (const handle of [30_000, 60_000, 0xffff]) sequencer.reachedHandle(handle);
  expect(sequencer.nextHandle()).toBe(0);
  sequencer.reachedHandle(0xfffe);
  expect(sequencer.nextHandle()).toBe(1);
});

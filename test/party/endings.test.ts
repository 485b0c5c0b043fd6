import { expect, test } from "bun:test";
import { setTable, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const LONG = "A long line that takes its time, more than five seconds of it for sure. ".repeat(3);

test.each(["dm20", "v2"])(
  "a line that waits its turn on %s is over when it is cancelled, and makes room",
  async (wire) => {
    const { streams, join, connections } = await setTable({
      engine: { samplesPerChar: 800 },
      streams: { maxLines: 2 },
    });
    if (wire === "v2") new V2Client({ connections }, "pip");
    else join("pip", { reads: false });
    const first = streams.speak({ text: LONG });
    const second = streams.speak({ text: "Another one." });
    second.cancel();
    expect(await second.handedOver).toMatchObject({ cancelled: true });
    const third = streams.speak({ text: "And one more." });
    third.cancel();
    first.cancel();
  },
  5_000,
);

test("a party that closes waits for nobody who listens on v2", async () => {
  const { streams, connections } = await setTable({ engine: { samplesPerChar: 800 } });
  const pip = new V2Client({ connections }, "pip");
  const lines = [streams.speak({ text: LONG }), streams.speak({ text: "Another one." })];
  await until(() => pip.frames.length > 3);
  const closedAt = performance.now();
  await streams.close();
  connections.closeAll();
  await Promise.all(lines.map((line) => line.handedOver));
  expect(performance.now() - closedAt).toBeLessThan(1000);
});

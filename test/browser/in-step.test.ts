import { afterAll, describe, expect, test } from "bun:test";
import { hasChromium } from "../support/browser.ts";
import { type Heard, quantile, type Seat, StepTable, skews } from "../support/step/step-table.ts";

/** Every page has a network of its own. */
const SEATS: readonly Seat[] = [
  { path: "worklet", codec: "pcm16" },
  { path: "blocks", codec: "opus", delays: { baseMs: 3, jitterMs: 2, spikeMs: 60 } },
  { path: "worklet", codec: "opus", delays: { baseMs: 40, jitterMs: 20 } },
  { path: "blocks", codec: "pcm16", delays: { baseMs: 60, jitterMs: 10 } },
];
const SECONDS = 8;
const WARM_MS = 6_000;

describe.skipIf(!hasChromium)("four pages on four networks", () => {
  const open: StepTable[] = [];
  afterAll(async () => {
    for (const table of open) await table.close();
  });

  const tableOf = async (seats: readonly Seat[]): Promise<StepTable> => {
    const table = await StepTable.open(seats);
    open.push(table);
    await Bun.sleep(WARM_MS);
    // From the first line devices learn their latency.
    await table.say(2);
    return table;
  };

  test("say the same at the same moment, far closer than without keeping step", async () => {
    const apart = await hear(await tableOf(SEATS.map((seat) => ({ ...seat, sync: false }))));
    const inStep = await hear(await tableOf(SEATS));
    const [control, measured] = [quantile(skews(apart), 0.5), quantile(skews(inStep), 0.5)];
    console.log(`in step ${measured.toFixed(2)} ms apart, without ${control.toFixed(1)} ms (medians)`);
    expect(control).toBeGreaterThan(5 * measured);
    // Below what ears can tell, on a machine that is busy with other things.
    expect(measured).toBeLessThan(5);
    const heard = inStep.flatMap(({ marks }) => marks);
    expect(heard.filter((mark) => mark !== undefined).length).toBeGreaterThan(0.9 * heard.length);
  }, 120_000);

  test("who loses the connection in the middle of a line is in step again", async () => {
    const table = open.at(-1) as StepTable;
    setTimeout(() => table.proxies[2]?.cut(), 2_000);
    const heard = await hear(table);
    const afterwards = heard.map(({ marks }) => ({ marks: marks.slice(-12) }));
    for (const { marks } of afterwards) {
      expect(marks.filter((mark) => mark !== undefined).length).toBeGreaterThan(0.75 * marks.length);
    }
    expect(quantile(skews(afterwards), 0.5)).toBeLessThan(5);
  }, 60_000);
});

async function hear(table: StepTable): Promise<Heard[]> {
  return table.heard(await table.say(SECONDS), SECONDS);
}

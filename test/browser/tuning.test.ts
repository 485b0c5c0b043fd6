import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { PROBE_SECONDS, Probe } from "../../src/core/dsp/probe.ts";
import { ProbeFinder } from "../../src/core/dsp/probe-finder.ts";
import { hasChromium, type Page } from "../support/browser.ts";
import { MARKER_RATE } from "../support/step/markers.ts";
import { CHANNELS, PulseSink, routeToChannel } from "../support/step/pulse-sink.ts";
import { StepTable } from "../support/step/step-table.ts";
import { type SentOrder, TuningConsole } from "../support/step/tuning-console.ts";

/** ms by which the second page's sound comes late without its knowing; it plays in blocks. */
const DELAYED_MS = 187;
/** How far off a page may be by what it believes of its device. */
const BUSY_MS = 12;
/** Rounds that differ by less were heard from a page that held still. */
const STEADY_MS = 0.5;
/** A browser's timestamps creep in the first seconds. */
const WARM_MS = 7_000;
const SPAN = MARKER_RATE * 0.65;
const TRIES = 4;

const hasSound = PulseSink.isThere || process.env.CI === "true";
/** Where in a recording a probe begins, in ms. */
function probeIn(channel: Float32Array, root: number, nearMs?: number): number | undefined {
  const finder = new ProbeFinder({ sampleRate: MARKER_RATE, span: SPAN, seconds: PROBE_SECONDS });
  const probe = new Probe(root);
  const starts =
    nearMs === undefined
      ? Array.from({ length: Math.ceil(channel.length / (SPAN / 2)) }, (_, index) => index * (SPAN / 2))
      : [Math.max(0, Math.round((nearMs * MARKER_RATE) / 1000 - SPAN / 2))];
  for (const start of starts) {
    const { at, isHeard } = finder.find(channel.subarray(start, start + SPAN), probe);
    if (isHeard && at < SPAN * 0.8) return ((start + at) * 1000) / MARKER_RATE;
  }
  return undefined;
}

/** How much later than its moment each probe of a device stands in a recording, ms; NaN: it is not there. */
function latesIn(channel: Float32Array, orders: readonly SentOrder[]): number[] {
  let offset: number | undefined;
  return orders.map(({ root = 0, momentsAt: [momentAt = 0] = [] }) => {
    const place = probeIn(channel, root, offset === undefined ? undefined : momentAt + offset) ?? Number.NaN;
    offset ??= place - momentAt;
    return place - momentAt;
  });
}

async function trimOf(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Settings" }).click();
  await page.locator("details.in-step").evaluate((details) => details.setAttribute("open", ""));
  const words = (await page.locator(".trim output").textContent()) ?? "";
  await page.getByRole("button", { name: "Done" }).click();
  return words;
}

describe.skipIf(!hasChromium || !hasSound)("two pages behind loudspeakers of which one is late", () => {
  let sink: PulseSink;
  let table: StepTable;
  let console_: TuningConsole;

  beforeAll(async () => {
    sink = await PulseSink.open();
    table = await StepTable.open([{ path: "worklet" }, { path: "blocks" }], {
      env: sink.env,
      prepare: async (page, channel) => {
        const delayMs = channel * DELAYED_MS;
        await page.addInitScript(routeToChannel, { channel, channels: CHANNELS, delayMs });
      },
    });
    [console_] = await Promise.all([TuningConsole.open(table), Bun.sleep(WARM_MS)]);
  }, 60_000);
  afterAll(async () => {
    await table?.close();
    await sink?.close();
  });

  test("are heard by the console's microphone as the sound card gave them out, and put right", async () => {
    let judged = 0;
    let told: string[] = ["not yet"];
    let trim = 0;
    for (let tries = 0; tries < TRIES && !told.every((words) => words.includes("✓ together")); tries++) {
      const earlier = console_.orders;
      sink.record();
      told = await console_.tune();
      const recorded = await sink.recorded();
      const orders = console_.orders.slice(earlier.length);
      const of = (type: string, device: number, among = orders): SentOrder[] =>
        among.filter((order) => order.type === type && order.device === device);
      const lates = [1, 2].map((device) =>
        latesIn(recorded[device - 1] as Float32Array, of("tune.probe", device).slice(0, 2)),
      );
      // On a machine that is busy with other things pages do not hold still while they are listened to.
      if (!lates.every(([a = 0, b = 0]) => Math.abs(a - b) < STEADY_MS)) continue;
      judged += 1;
      const [first, second] = lates.map(([a = 0, b = 0]) => (a + b) / 2) as [number, number];
      // What the ear heard is in the first trims, beside those there were; the sound card gave it out so.
      const [one, other] = [1, 2].map(
        (device) =>
          (of("tune.trim", device)[0]?.ms ?? Number.NaN) - (of("tune.trim", device, earlier).at(-1)?.ms ?? 0),
      ) as [number, number];
      expect(Math.abs(other - one - (second - first))).toBeLessThan(0.3);
      // The last one is the measure, and the other plays as much later.
      trim = of("tune.trim", 1).at(-1)?.ms ?? Number.NaN;
      expect([Math.abs(trim + DELAYED_MS) < BUSY_MS, of("tune.trim", 2).at(-1)?.ms]).toEqual([true, 0]);
      expect(told).toHaveLength(2);
    }
    if (judged === 0)
      console.log("ATTENTION: this machine is too busy for pages to hold still: no room was tuned.");
    else expect(await trimOf(table.pages[0] as Page)).toBe(`${Math.round(-trim)} ms later`);
  }, 90_000);

  test("and nothing but short messages was sent for it, and the microphone is let go", async () => {
    expect(console_.sent.filter((payload) => typeof payload !== "string")).toEqual([]);
    expect(Math.max(...console_.sent.map(({ length }) => length))).toBeLessThan(500);
    expect(await console_.microphone).toBe("ended");
  });
});

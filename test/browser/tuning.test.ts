import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { PROBE_SECONDS, Probe } from "../../src/core/dsp/probe.ts";
import { ProbeFinder } from "../../src/core/dsp/probe-finder.ts";
import { hasChromium, type Page } from "../support/browser.ts";
import { MARKER_RATE } from "../support/step/markers.ts";
import { CHANNELS, PulseSink, routeToChannel } from "../support/step/pulse-sink.ts";
import { quantile, StepTable } from "../support/step/step-table.ts";
import {
  type EarFinding,
  findingsOf,
  microphoneOf,
  type SentOrder,
  TuningConsole,
  watchEar,
} from "../support/step/tuning-console.ts";

/** ms by which the second page's sound comes late without its knowing; it plays in blocks. */
const DELAYED_MS = 187;
/** By how much a page may be wrong about its device, right after it was opened. */
const BELIEF_MS = 30;
/** The ear may be wrong by so much, in the middle. */
const EAR_MS = 0.3;
/** A browser that is too busy to take what a microphone gives loses as much at once, at least. */
const GAP_MS = 2;
/** Rounds that differ by less agree, as the console has it… */
const AGREEMENT_MS = 1;
/** …and devices that were heard no further apart when they had been put right are together. */
const TOGETHER_MS = 6.5;
/** Of fewer nothing is said. */
const LEAST_ERRORS = 3;
const DEVICES = [1, 2];
const REST_MS = 3_000;
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

/** A probe as the sound card gave it out and as the ear heard it: ms after its moment, each on a clock of its own. */
interface HeardProbe {
  device: number;
  momentAt: number;
  given: number;
  heard: number;
}

/** One tuning. */
interface Tuning {
  /** What the console told of each device. */
  told: string[];
  /** Probes that were recorded and heard, in the order in which they were played. */
  probes: HeardProbe[];
  /** What each device was told to be late, the last time. */
  trims: (number | undefined)[];
}

function probesOf(
  recorded: readonly Float32Array[],
  orders: readonly SentOrder[],
  findings: readonly EarFinding[],
): HeardProbe[] {
  const offsets: (number | undefined)[] = [];
  return orders
    .filter(({ type }) => type === "tune.probe")
    .flatMap(({ device = 0, root = 0, momentsAt: [momentAt = 0] = [] }) => {
      const offset = offsets[device];
      const near = offset === undefined ? undefined : momentAt + offset;
      const place = probeIn(recorded[device - 1] as Float32Array, root, near);
      const heard = findings.find((each) => each.root === root)?.lateMs;
      if (place === undefined || heard === undefined) return [];
      offsets[device] ??= place - momentAt;
      return [{ device, momentAt, given: place - momentAt, heard }];
    })
    .toSorted((a, b) => a.momentAt - b.momentAt);
}

/** By how much the ear is wrong about each two probes that follow each other, ms. Where a machine is too busy to capture without a gap, by a gap. */
function earErrors(probes: readonly HeardProbe[]): number[] {
  return probes.slice(1).flatMap((probe, index) => {
    const before = probes[index] as HeardProbe;
    const error = Math.abs(probe.heard - before.heard - (probe.given - before.given));
    return probe.momentAt - before.momentAt < 1_000 && error < GAP_MS ? [error] : [];
  });
}

/** Whether all that was played of a device came at the same time, by what it and the ear's own computer did. */
function heldStill(probes: readonly HeardProbe[], device: number, by: "given" | "heard"): boolean {
  const lates = probes.filter((probe) => probe.device === device).map((probe) => probe[by]);
  return lates.length >= 2 && Math.max(...lates) - Math.min(...lates) < AGREEMENT_MS;
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
        await page.addInitScript(watchEar);
        await page.addInitScript(routeToChannel, { channel, channels: CHANNELS, delayMs });
      },
    });
    [console_] = await Promise.all([TuningConsole.open(table), Bun.sleep(WARM_MS)]);
  }, 60_000);
  afterAll(async () => {
    await table?.close();
    await sink?.close();
  });

  const tune = async (ear: Page, order: () => Promise<string[]>): Promise<Tuning> => {
    const earlier = console_.orders.length;
    sink.record();
    const told = await order();
    const recorded = await sink.recorded();
    const orders = console_.orders.slice(earlier);
    const probes = probesOf(recorded, orders, await findingsOf(ear));
    const trims = DEVICES.map((device) =>
      orders.findLast((each) => each.type === "tune.trim" && each.device === device),
    ).map((order) => order?.ms);
    return { told, probes, trims };
  };

  /** What a console says has to be so, by what was recorded. */
  const expectTrue = ({ told, probes }: Tuning): void => {
    const last = DEVICES.map((device) => probes.findLast((probe) => probe.device === device)?.given);
    const [one = Number.NaN, other = Number.NaN] = last;
    if (isTogether(told)) expect(Math.abs(one - other)).toBeLessThan(TOGETHER_MS);
    // Nobody is told to be unsteady who was not.
    for (const device of DEVICES)
      if (told[device - 1]?.includes("not steady"))
        expect([device, heldStill(probes, device, "given") && heldStill(probes, device, "heard")]).toEqual([
          device,
          false,
        ]);
  };
  const isTogether = (told: readonly string[]): boolean =>
    told.length === DEVICES.length && told.every((words) => words.includes("✓ together"));

  test("are heard by the console's microphone as the sound card gave them out, and put right", async () => {
    const errors: number[] = [];
    let trims: Tuning["trims"] = [];
    for (let tries = 0; tries < TRIES && trims.length === 0; tries++) {
      // A device that did not hold still may do so after a while.
      if (tries > 0) await Bun.sleep(REST_MS);
      const tuning = await tune(console_.page, () => console_.tune());
      errors.push(...earErrors(tuning.probes));
      expectTrue(tuning);
      if (isTogether(tuning.told)) trims = tuning.trims;
    }
    console.log(`an ear: ${quantile(errors, 0.5).toFixed(3)} ms off (median of ${errors.length})`);
    if (errors.length < LEAST_ERRORS)
      console.log("ATTENTION: this machine is too busy for a microphone to be heard without gaps.");
    else expect(quantile(errors, 0.5)).toBeLessThan(EAR_MS);
    if (trims.length === 0) {
      console.log("ATTENTION: this machine is too busy for pages to hold still: no room was tuned.");
      return;
    }
    // The last one is the measure, and the other plays as much later.
    const [one = Number.NaN, other] = trims;
    expect([Math.abs(one + DELAYED_MS) < BELIEF_MS, other]).toEqual([true, 0]);
    expect(await trimOf(table.pages[0] as Page)).toBe(`${Math.round(-one)} ms later`);
  }, 120_000);

  test("and by a player's phone in its place, once that player allows it, as well", async () => {
    const [phone] = table.pages as [Page];
    const tuning = await tune(phone, () => console_.tuneBy(phone, "P0"));
    expectTrue(tuning);
    const errors = earErrors(tuning.probes);
    if (errors.length === 0)
      console.log("ATTENTION: this machine is too busy for a phone to hear without gaps.");
    else expect(quantile(errors, 0.5)).toBeLessThan(EAR_MS);
    expect(await microphoneOf(phone)).toBe("ended");
    expect(await phone.getByRole("dialog").count()).toBe(0);
  }, 90_000);

  test("and nothing but short messages was sent for it, and the microphone is let go", async () => {
    expect(console_.sent.filter((payload) => typeof payload !== "string")).toEqual([]);
    expect(Math.max(...console_.sent.map(({ length }) => length))).toBeLessThan(500);
    expect(await microphoneOf(console_.page)).toBe("ended");
  });
});

/**
 * How well real pages keep step: headless Chromium with its own idea of a device, recorded in the page, and
 * where PulseAudio is installed a recording of what all of them give out. Prints the table of `docs/sync.md`.
 * `--seconds 12 --warm 10` (`--only pulse`) change it.
 * @module
 */
import { parseArgs } from "node:util";
import { findMark, MARK_EVERY_MS, MARKER_RATE } from "../test/support/step/markers.ts";
import { type Heard, quantile, type Seat, StepTable, skews } from "../test/support/step/step-table.ts";
import { CHANNELS, PulseSink, routeToChannel } from "./sync/pulse.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "12" },
    warm: { type: "string", default: "10" },
    only: { type: "string", default: "" },
  },
});
const SECONDS = Number(values.seconds);
const WARM_MS = Number(values.warm) * 1000;
/** What a real stack needs until its timestamps are steady. */
const PULSE_WARM_MS = 40_000;
/** How far apart marks of two channels may be, to be the same. */
const REACH = MARKER_RATE / 20;

const NETWORKS: readonly Seat["delays"][] = [
  undefined,
  { baseMs: 3, jitterMs: 2, spikeMs: 60 },
  { baseMs: 40, jitterMs: 20 },
  { baseMs: 120, jitterMs: 40 },
];
const BUSY = { ms: 120, everyMs: 500 };

function four(path: Seat["path"], more: (index: number) => Partial<Seat> = () => ({})): Seat[] {
  return Array.from({ length: 4 }, (_, index) => ({ path, ...more(index) }));
}

const onNetwork = (index: number): Partial<Seat> => {
  const delays = NETWORKS[index];
  return delays ? { delays } : {};
};

async function tapped(name: string, seats: readonly Seat[]): Promise<void> {
  const table = await StepTable.open(seats);
  await Bun.sleep(WARM_MS);
  // Two short lines first: devices learn their latency from the first.
  for (let line = 0; line < 2; line++) {
    await table.say(2);
    await Bun.sleep(1_000);
  }
  const line = await table.say(SECONDS);
  const heard = await table.heard(line, SECONDS);
  await table.close();
  report(name, skews(heard), heard, line.report.players.length);
}

async function recorded(name: string, seats: readonly Seat[], warmMs: number): Promise<void> {
  const sink = await PulseSink.open();
  const table = await StepTable.open(seats, {
    env: sink.env,
    prepare: async (page, channel) => {
      await page.addInitScript(routeToChannel, { channel, channels: CHANNELS });
    },
  });
  await Bun.sleep(warmMs);
  sink.record();
  await Bun.sleep(500);
  const line = await table.say(SECONDS);
  // What the pages could know of it, beside what was really given out.
  const claimed = await table.heard(line, SECONDS);
  const channels = await sink.recorded();
  await table.close();
  await sink.close();
  report(name, channelSkews(channels));
  report("  by the browser's timestamps", skews(claimed), claimed);
}

/** ms between any two channels, at each mark. */
function channelSkews(channels: readonly Float32Array[]): number[] {
  const [first = new Float32Array(0)] = channels;
  const start = first.findIndex((sample) => Math.abs(sample) > 0.01);
  const out: number[] = [];
  for (let mark = 0; mark < (SECONDS * 1000) / MARK_EVERY_MS; mark++) {
    const near = start + (mark * MARK_EVERY_MS * MARKER_RATE) / 1000;
    const places = channels.flatMap((channel) => findMark(channel, near, REACH) ?? []);
    for (const [i, a] of places.entries())
      for (const b of places.slice(i + 1)) out.push((Math.abs(a - b) * 1000) / MARKER_RATE);
  }
  return out;
}

function report(name: string, apart: readonly number[], heard: readonly Heard[] = [], players = 0): void {
  const ms = (value: number): string => value.toFixed(3).padStart(8);
  const sum = (of: (each: Heard) => number): string => String(heard.reduce((all, each) => all + of(each), 0));
  const starts = heard.flatMap(({ startMs }) => startMs ?? []);
  const columns = [
    name.padEnd(34),
    ms(quantile(apart, 0.5)),
    ms(quantile(apart, 0.95)),
    ms(Math.max(...apart)),
    sum(({ clicks }) => clicks).padStart(7),
    sum(({ underruns }) => underruns).padStart(10),
    players > 0 ? ms(quantile(starts, 0.5)) : "",
  ];
  console.log(columns.join(" "));
}

console.log("ms between any two of four pages     median      p95      max  clicks  underruns  sent→heard");
const wants = (name: string): boolean => name.startsWith(values.only);
for (const path of ["worklet", "blocks"] as const) {
  if (!wants("page")) break;
  await tapped(`LAN, ${path}`, four(path));
  await tapped(`four networks, ${path}`, four(path, onNetwork));
  await tapped(
    `LAN, busy page, ${path}`,
    four(path, () => ({ busy: BUSY })),
  );
}
if (!PulseSink.isThere) {
  console.log("No PulseAudio here, so nothing was recorded (Debian: apt-get install pulseaudio).");
} else if (wants("pulse")) {
  for (const path of ["worklet", "blocks"] as const) {
    await recorded(`recorded, two pages, ${path}`, four(path).slice(0, CHANNELS), PULSE_WARM_MS);
    await recorded(`recorded, just joined, ${path}`, four(path).slice(0, CHANNELS), 0);
  }
}

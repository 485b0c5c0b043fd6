/**
 * How well real pages keep step: headless Chromium with its own idea of a device, recorded in the page, and
 * where PulseAudio is installed a recording of what all of them give out, also of pages whose sound is later than they
 * know, before and after they were tuned by ear. Prints the tables of `docs/sync.md`.
 * `--seconds 12 --warm 10` (`--only pulse`, `--only tuned`, `--path blocks`) change it.
 * @module
 */
import { parseArgs } from "node:util";
import { findMark, MARK_EVERY_MS, MARKER_RATE } from "../test/support/step/markers.ts";
import { CHANNELS, PulseSink, routeToChannel } from "../test/support/step/pulse-sink.ts";
import { type Heard, quantile, type Seat, StepTable, skews } from "../test/support/step/step-table.ts";
import { TuningConsole } from "../test/support/step/tuning-console.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "12" },
    warm: { type: "string", default: "10" },
    only: { type: "string", default: "" },
    path: { type: "string", default: "" },
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
/** ms by which each of two pages sounds later than it knows. */
const HIDDEN_MS = [0, 187];
/** Seconds after it was tuned at which a room is listened to again. */
const LATER = [60, 180];
/** A room that does not hold still is tuned again, as the console says. */
const TUNINGS = 5;
const REST_MS = 15_000;
/** A channel whose marks are further from each other, or nearer, has slipped. */
const SLIP_MS = 0.5;
const PATHS: readonly Seat["path"][] = ["worklet", "blocks"];

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

function openRecorded(
  seats: readonly Seat[],
  sink: PulseSink,
  delaysMs: readonly number[] = [],
): Promise<StepTable> {
  return StepTable.open(seats, {
    env: sink.env,
    prepare: async (page, channel) => {
      const delayMs = delaysMs[channel] ?? 0;
      await page.addInitScript(routeToChannel, { channel, channels: CHANNELS, delayMs });
    },
  });
}

async function recorded(name: string, seats: readonly Seat[], warmMs: number): Promise<void> {
  const sink = await PulseSink.open();
  const table = await openRecorded(seats, sink);
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

/** Pages of which one sounds later than it knows, before they are tuned by ear and afterwards. */
async function tuned(path: Seat["path"]): Promise<void> {
  const sink = await PulseSink.open();
  const table = await openRecorded(four(path).slice(0, CHANNELS), sink, HIDDEN_MS);
  const console_ = await TuningConsole.open(table);
  const record = async (name: string): Promise<void> => {
    sink.record();
    await Bun.sleep(500);
    await table.say(SECONDS);
    await Bun.sleep(500);
    const channels = await sink.recorded();
    const slips = channels.map((channel) => slipsIn(channel).length).join(" and ");
    report(`${name}, ${path} (slips: ${slips})`, channelSkews(channels));
  };
  await Bun.sleep(PULSE_WARM_MS);
  await record("one is 187 ms late");
  for (let tunings = 0, isTogether = false; tunings < TUNINGS && !isTogether; tunings++) {
    if (tunings > 0) await Bun.sleep(REST_MS);
    const told = await console_.tune();
    for (const words of told) console.log(`  ${words.replaceAll(/\s+/g, " ")}`);
    isTogether = told.every((words) => words.includes("together"));
  }
  const tunedAt = performance.now();
  await record("tuned by ear");
  for (const seconds of LATER) {
    await Bun.sleep(Math.max(0, tunedAt + seconds * 1000 - performance.now()));
    await record(`${seconds} s later`);
  }
  await table.close();
  await sink.close();
}

/** Where the marks of a channel stand, ms after its first sound. */
function marksOf(channel: Float32Array): (number | undefined)[] {
  const start = channel.findIndex((sample) => Math.abs(sample) > 0.01);
  return Array.from({ length: (SECONDS * 1000) / MARK_EVERY_MS }, (_, mark) => {
    const place = findMark(channel, start + (mark * MARK_EVERY_MS * MARKER_RATE) / 1000, REACH);
    return place === undefined ? undefined : ((place - start) * 1000) / MARKER_RATE;
  });
}

/** By how much a channel went on elsewhere, ms: what the device did, or the page that followed it. */
function slipsIn(channel: Float32Array): number[] {
  const marks = marksOf(channel);
  return marks.flatMap((mark, index) => {
    const before = marks[index - 1];
    const slip = mark === undefined || before === undefined ? 0 : mark - before - MARK_EVERY_MS;
    return Math.abs(slip) > SLIP_MS ? [slip] : [];
  });
}

/** ms between any two channels, at each mark. */
function channelSkews(channels: readonly Float32Array[]): number[] {
  const starts = channels.map((channel) => channel.findIndex((sample) => Math.abs(sample) > 0.01));
  const out: number[] = [];
  for (let mark = 0; mark < (SECONDS * 1000) / MARK_EVERY_MS; mark++) {
    const after = (mark * MARK_EVERY_MS * MARKER_RATE) / 1000;
    const places = channels.flatMap(
      (channel, at) => findMark(channel, (starts[at] ?? 0) + after, REACH) ?? [],
    );
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
    name.padEnd(46),
    ms(quantile(apart, 0.5)),
    ms(quantile(apart, 0.95)),
    ms(Math.max(...apart)),
    sum(({ clicks }) => clicks).padStart(7),
    sum(({ underruns }) => underruns).padStart(10),
    players > 0 ? ms(quantile(starts, 0.5)) : "",
  ];
  console.log(columns.join(" "));
}

console.log(
  "ms between any two of four pages                 median      p95      max  clicks  underruns  sent→heard",
);
const wants = (name: string): boolean => name.startsWith(values.only);
const paths = PATHS.filter((path) => path.startsWith(values.path));
for (const path of paths) {
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
} else {
  for (const path of paths) {
    if (wants("pulse")) {
      await recorded(`recorded, two pages, ${path}`, four(path).slice(0, CHANNELS), PULSE_WARM_MS);
      await recorded(`recorded, just joined, ${path}`, four(path).slice(0, CHANNELS), 0);
    }
    if (wants("tuned")) await tuned(path);
  }
}

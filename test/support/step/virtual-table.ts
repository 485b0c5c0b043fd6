import { Resampler } from "../../../src/core/dsp/resample.ts";
import { StartDelay } from "../../../src/party/fan-out/start-delay.ts";
import { seeded } from "../random.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { VirtualTime } from "../virtual-time.ts";
import { countClicks, findMark, MARK_EVERY_MS, MARKER_RATE, markedSound } from "./markers.ts";
import { type ListenerOptions, VirtualListener } from "./virtual-listener.ts";

/** Sound in a message. */
const FRAME_MS = 100;
const REACH_MS = 120;

export interface VirtualLine {
  /** ms of true time before it is said. */
  warmMs: number;
  seconds: number;
  /** From its first frame to its beginning; undefined: as a server gives it to those who say what they need. */
  startDelayMs?: number;
  /** Its sound is made only as fast as it is heard. */
  isLive?: boolean;
  /** What happens while it is heard. */
  meanwhile?: (listeners: readonly VirtualListener[], time: VirtualTime) => void;
}

/** What one listener gave out of a line. */
export interface VirtualHeard {
  /** ms by which each mark was late; undefined where it was not heard. */
  marks: (number | undefined)[];
  clicks: number;
}

/** A table on virtual time: the same for the same seed. */
export function sayVirtually(
  seed: number,
  listeners: readonly ListenerOptions[],
  line: VirtualLine,
): VirtualHeard[] {
  const random = seeded(seed);
  const time = new VirtualTime();
  const server = new VirtualClock(time, { offset: 1e9, ppm: 0 });
  const all = listeners.map((options) => new VirtualListener(time, server, random, options));
  time.runUntil(line.warmMs);
  const { ms: startDelayMs } =
    line.startDelayMs === undefined ? startDelayFor(all) : { ms: line.startDelayMs };
  const startAt = server.now + startDelayMs;
  const beginsAt = time.now + startDelayMs;
  const sound = markedSound(line.seconds);
  const step = (FRAME_MS * MARKER_RATE) / 1000;
  for (let pts = 0; pts < sound.length; pts += step) {
    const samples = sound.slice(pts, pts + step);
    // Faster than it is heard, or only just.
    const madeAt = time.now + (line.isLive ? 1 : 0.1) * ((pts * 1000) / MARKER_RATE);
    time.at(madeAt, () => {
      for (const { down } of all) down.send({ startAt, pts, samples });
    });
  }
  line.meanwhile?.(all, time);
  time.runUntil(beginsAt + line.seconds * 1000 + 500);
  return all.map((listener) => heardBy(listener, beginsAt, line.seconds));
}

/** ms between any two listeners at each mark. */
export function skewsOf(heard: readonly VirtualHeard[]): number[] {
  const out: number[] = [];
  for (const mark of heard[0]?.marks.keys() ?? []) {
    const errors = heard.flatMap(({ marks }) => marks[mark] ?? []);
    for (const [i, a] of errors.entries()) for (const b of errors.slice(i + 1)) out.push(Math.abs(a - b));
  }
  return out;
}

function startDelayFor(listeners: readonly VirtualListener[]): StartDelay {
  return new StartDelay(
    () => listeners.map(({ loudspeaker }) => loudspeaker.latencyMs),
    () => 0,
  );
}

function heardBy(listener: VirtualListener, beginsAt: number, seconds: number): VirtualHeard {
  const { sampleRate } = listener;
  const scale = MARKER_RATE / sampleRate;
  const sound = scale === 1 ? listener.sound : new Resampler(sampleRate, MARKER_RATE).push(listener.sound);
  const places = Array.from({ length: Math.floor((seconds * 1000) / MARK_EVERY_MS) }, (_, mark) => {
    const near = scale * listener.placeAt(beginsAt + mark * MARK_EVERY_MS);
    return findMark(sound, near, (REACH_MS * MARKER_RATE) / 1000);
  });
  const marks = places.map((place, mark) =>
    place === undefined ? undefined : listener.timeOf(place / scale) - beginsAt - mark * MARK_EVERY_MS,
  );
  const known = places.filter((place) => place !== undefined);
  const from = (known[0] ?? 0) + MARKER_RATE / 50;
  const to = scale * listener.placeAt(beginsAt + seconds * 1000 - 100);
  return { marks, clicks: countClicks(sound, from, to, known) };
}

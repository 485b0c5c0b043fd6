import { beforeAll, describe, expect, test } from "bun:test";
import { seeded } from "../../../support/random.ts";
import { findMark, MARK_EVERY_MS, MARKER_RATE, markedSound } from "../../../support/step/markers.ts";
import { type ListenerOptions, VirtualListener } from "../../../support/step/virtual-listener.ts";
import { VirtualWorklet } from "../../../support/step/virtual-worklet.ts";
import { VirtualClock } from "../../../support/virtual-clock.ts";
import { NETWORKS } from "../../../support/virtual-link.ts";
import { VirtualTime } from "../../../support/virtual-time.ts";

const PATHS = ["worklet", "blocks"] as const;
const WARM_MS = 6_000;
const LEAD_MS = 400;
const SECONDS = 4;

beforeAll(() => VirtualWorklet.load());

interface Rig {
  time: VirtualTime;
  server: VirtualClock;
  listener: VirtualListener;
  /** ms of true time at which the line begins, for the table. */
  beginsAt: number;
}

/** One device to which a line was sent that is about to begin. */
function rig(options: Partial<ListenerOptions> & Pick<ListenerOptions, "path">): Rig {
  const time = new VirtualTime();
  const server = new VirtualClock(time, { offset: 1e9, ppm: 0 });
  const listener = new VirtualListener(time, server, seeded(5), { network: NETWORKS.lan, ...options });
  time.runUntil(WARM_MS);
  const sound = markedSound(SECONDS);
  const step = MARKER_RATE / 10;
  for (let pts = 0; pts < sound.length; pts += step) {
    listener.down.send({ startAt: server.now + LEAD_MS, pts, samples: sound.slice(pts, pts + step) });
  }
  return { time, server, listener, beginsAt: time.now + LEAD_MS };
}

/** ms, from the line's beginning, at which each mark of it reached the ear, as often as it did. */
function marksOf({ listener, beginsAt }: Rig): number[] {
  const { sound } = listener;
  const found = new Set<number>();
  const reach = MARKER_RATE / 20;
  for (let near = 0; near < sound.length; near += reach) {
    const place = findMark(sound, near, reach);
    if (place !== undefined) found.add(Math.round(listener.timeOf(place) - beginsAt));
  }
  const times = [...found].sort((a, b) => a - b);
  return times.filter((at, index) => index === 0 || at - (times[index - 1] ?? 0) > 2);
}

/** When the last sound of all reached the ear; ms of true time. */
function lastSoundAt({ listener }: Rig): number {
  return listener.timeOf(listener.sound.findLastIndex((sample) => Math.abs(sample) > 1e-4));
}

describe.each(PATHS)("by %s", (path) => {
  test.each([180, -180])(
    "a trim that is changed by %d ms in mid-line moves the rest by that, and nothing more",
    (ms) => {
      const all = rig({ path });
      all.time.at(all.beginsAt + 1_100, () => {
        all.listener.loudspeaker.trim(ms);
      });
      all.time.runUntil(all.beginsAt + SECONDS * 1000 + 1_000);
      const marks = marksOf(all);
      const expected = Array.from({ length: SECONDS * 4 }, (_, mark) => mark * MARK_EVERY_MS);
      const isAsIs = (at: number): boolean => expected.some((each) => Math.abs(each - at) <= 3);
      const moved = marks.filter((at) => at > 2_000);
      expect(marks.filter((at) => at < 1_050)).toHaveLength(5);
      for (const at of marks.filter((each) => each < 1_050)) expect(isAsIs(at)).toBe(true);
      for (const at of moved) expect(isAsIs(at + ms)).toBe(true);
      // Each of them once, but for what is jumped over or back.
      expect(marks.length).toBeWithin(expected.length - 1, expected.length + 2);
    },
  );

  test.each([-400, 0, 400])(
    "with a trim of %d ms a line that is to fall silent does so at once",
    (trimMs) => {
      const all = rig({ path, trimMs });
      let orderedAt = 0;
      all.time.at(all.beginsAt + 1_000, () => {
        const { inStep } = all.listener.loudspeaker;
        inStep?.fade(all.listener.line, inStep.now);
        orderedAt = all.time.now;
      });
      all.time.runUntil(all.beginsAt + SECONDS * 1000);
      // What the device has rendered already cannot be taken back.
      expect(lastSoundAt(all) - orderedAt).toBeLessThan(130);
      expect(lastSoundAt(all)).toBeGreaterThan(orderedAt);
    },
  );

  test("what is heard is told by what the device hides, in step and out of step", () => {
    const { listener, time, server } = rig({ path, hiddenMs: 150, trimMs: 150 });
    time.runUntil(WARM_MS + 1_000);
    const { inStep, sink } = listener.loudspeaker;
    expect(Math.abs((inStep?.playhead ?? 0) / 24 - server.now)).toBeLessThan(1);
    expect(Math.abs(sink.playhead / 24 - listener.device.at(time.now - 150))).toBeLessThan(1);
    // Of what is placed at once nothing is lost, and not much time.
    expect((inStep?.now ?? 0) - (inStep?.playhead ?? 0)).toBeWithin(150 * 24, 290 * 24);
  });

  test("nothing is told to be heard before the device has rendered it, whatever it is trimmed by", () => {
    const { listener, time, server } = rig({ path, trimMs: -500 });
    time.runUntil(WARM_MS + 1_000);
    const { inStep } = listener.loudspeaker;
    expect((inStep?.playhead ?? 0) / 24).toBeLessThan(server.now - 400);
    expect(inStep?.now).toBeGreaterThanOrEqual(inStep?.playhead ?? 0);
  });

  test("who needs more than a line is given without a trim stays in step", () => {
    const network = { baseMs: 450, jitterMs: 5 };
    const { listener, time, server } = rig({ path, network });
    time.runUntil(WARM_MS + 4_000);
    const { latencyMs, inStep } = listener.loudspeaker;
    expect(latencyMs).toBeGreaterThan(400);
    expect(Math.abs((inStep?.playhead ?? 0) / 24 - server.now)).toBeLessThan(5);
  });

  test("clicks are whole, and on the second, with a trim as without", () => {
    for (const trimMs of [-300, 0, 300]) {
      const time = new VirtualTime();
      const server = new VirtualClock(time, { offset: 1e9 - 800, ppm: 0 });
      const network = NETWORKS.lan;
      const listener = new VirtualListener(time, server, seeded(3), {
        network,
        path,
        trimMs,
        hiddenMs: trimMs,
      });
      time.runUntil(WARM_MS);
      listener.loudspeaker.click();
      time.runUntil(WARM_MS + 12_000);
      const { sound } = listener;
      const starts = [...sound.keys()].filter(
        (at) => sound[at] !== 0 && sound.subarray(Math.max(0, at - 240), at).every((sample) => sample === 0),
      );
      expect(starts).toHaveLength(10);
      const energies = starts.map((at) => sound.subarray(at, at + 150).reduce((sum, x) => sum + x * x, 0));
      expect(Math.min(...energies)).toBeGreaterThan(0.9 * Math.max(...energies));
      for (const at of starts) expect((server.at(listener.timeOf(at)) + 2) % 1000).toBeLessThan(5);
    }
  });
});

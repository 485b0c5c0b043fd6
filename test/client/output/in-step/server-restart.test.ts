import { beforeAll, expect, test } from "bun:test";
import { RemoteClock } from "../../../../src/core/clock/remote-clock.ts";
import { seeded } from "../../../support/random.ts";
import { findMark, MARKER_RATE, markedSound } from "../../../support/step/markers.ts";
import { VirtualListener } from "../../../support/step/virtual-listener.ts";
import { VirtualWorklet } from "../../../support/step/virtual-worklet.ts";
import { VirtualClock } from "../../../support/virtual-clock.ts";
import { NETWORKS } from "../../../support/virtual-link.ts";
import { VirtualTime } from "../../../support/virtual-time.ts";

beforeAll(() => VirtualWorklet.load());

test.each(["worklet", "blocks"] as const)(
  "by %s lines are heard also where the server has started anew, and its clock with it",
  (path) => {
    const time = new VirtualTime();
    const server = new VirtualClock(time, { offset: 1e8, ppm: 0 });
    const listener = new VirtualListener(time, server, seeded(5), { network: NETWORKS.lan, path });
    const say = (): number => {
      listener.down.send({ startAt: server.now + 300, pts: 0, samples: markedSound(1) });
      return time.now + 300;
    };
    const isHeard = (at: number): boolean =>
      findMark(listener.sound, listener.placeAt(at), MARKER_RATE / 100) !== undefined;
    time.runUntil(6_000);
    const before = say();
    time.runUntil(9_000);
    server.jump(-99_000_000);
    listener.clock = new RemoteClock();
    time.runUntil(12_000);
    const after = say();
    time.runUntil(14_000);
    expect([before, after].map(isHeard)).toEqual([true, true]);
    // What lines of the old server left behind does not keep the device from finding its place.
    const { inStep } = listener.loudspeaker;
    expect(inStep?.playhead ?? 0).toBeLessThan(server.now * 24 + 24);
  },
);

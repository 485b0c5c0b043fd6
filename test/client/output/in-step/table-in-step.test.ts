import { beforeAll, describe, expect, test } from "bun:test";
import { quantile } from "../../../support/step/step-table.ts";
import type { ListenerOptions } from "../../../support/step/virtual-listener.ts";
import {
  sayVirtually,
  skewsOf,
  type VirtualHeard,
  type VirtualLine,
} from "../../../support/step/virtual-table.ts";
import { VirtualWorklet } from "../../../support/step/virtual-worklet.ts";
import { NETWORKS } from "../../../support/virtual-link.ts";

const { lan, wifi, m40, m120 } = NETWORKS;
const MIXED = [lan, wifi, m40, m120];
const PATHS = ["worklet", "blocks"] as const;
/** Two devices a quarter of a second apart. */
const MARKS_A_SECOND = 4;

beforeAll(() => VirtualWorklet.load());

/** Says a line at tables of several seeds. */
function tables(
  seeds: number,
  listeners: readonly ListenerOptions[],
  line: Partial<VirtualLine>,
): VirtualHeard[][] {
  return Array.from({ length: seeds }, (_, seed) =>
    sayVirtually(101 * (seed + 1), listeners, { warmMs: 6_000, seconds: 12, startDelayMs: 100, ...line }),
  );
}

function p95(runs: readonly VirtualHeard[][]): number {
  return quantile(runs.flatMap(skewsOf), 0.95);
}

function clicks(runs: readonly VirtualHeard[][]): number {
  return runs.flat().reduce((sum, heard) => sum + heard.clicks, 0);
}

function missing(runs: readonly VirtualHeard[][]): number {
  return runs.flatMap((run) => run.flatMap(({ marks }) => marks)).filter((mark) => mark === undefined).length;
}

describe.each(PATHS)("on virtual time, by %s", (path) => {
  const on = (networks: readonly ListenerOptions["network"][], more: Partial<ListenerOptions> = {}) =>
    networks.map((network): ListenerOptions => ({ network, path, ...more }));

  test("four devices on a LAN are 0.05 ms apart at most, 95 of 100 times, and nothing clicks", () => {
    const runs = tables(3, on([lan, lan, lan, lan]), {});
    expect(p95(runs)).toBeLessThan(0.05);
    expect([clicks(runs), missing(runs)]).toEqual([0, 0]);
  }, 60_000);

  test("after half a minute, devices on four networks are 0.5 ms apart at most, 95 of 100 times", () => {
    const runs = tables(3, on(MIXED), { warmMs: 30_000, startDelayMs: 300 });
    expect(p95(runs)).toBeLessThan(0.5);
    expect([clicks(runs), missing(runs)]).toEqual([0, 0]);
  }, 60_000);

  test("a device whose timestamps jump to and fro by 6 ms is 1.5 ms off at most", () => {
    const runs = tables(2, on(MIXED, { stampNoiseMs: 1, stampSawMs: 6 }), {
      warmMs: 30_000,
      startDelayMs: 300,
    });
    expect(p95(runs)).toBeLessThan(1.5);
    expect([clicks(runs), missing(runs)]).toEqual([0, 0]);
  }, 60_000);

  test("devices of other sample rates keep step, too", () => {
    const [run = []] = tables(1, [...on([lan, lan]), ...on([lan], { sampleRate: 48_000 })], { seconds: 4 });
    expect(quantile(skewsOf(run), 0.95)).toBeLessThan(0.08);
    expect([clicks([run]), missing([run])]).toEqual([0, 0]);
  }, 60_000);

  test("sound that is made only as fast as it is heard is heard whole", () => {
    const runs = tables(1, on([lan, lan, wifi, wifi]), { startDelayMs: 260, isLive: true });
    expect(p95(runs)).toBeLessThan(0.4);
    expect([clicks(runs), missing(runs)]).toEqual([0, 0]);
  }, 60_000);

  test("a network that stands still for a while costs what did not come in time, and no step", () => {
    const [run = []] = tables(1, on([lan, lan, lan]), {
      isLive: true,
      startDelayMs: 200,
      meanwhile: ([, second], time) => time.in(4_000, () => second?.down.stall(900)),
    });
    const [first, second] = run;
    expect(first?.marks.filter((mark) => mark === undefined)).toHaveLength(0);
    const lost = second?.marks.filter((mark) => mark === undefined).length ?? 0;
    expect(lost).toBeWithin(1, MARKS_A_SECOND + 2);
    expect(quantile(skewsOf(run), 0.95)).toBeLessThan(0.1);
    expect(clicks([run])).toBe(0);
  }, 60_000);

  test("a device that slept is back in step within a second of sound", () => {
    const [run = []] = tables(1, on([lan, lan]), {
      seconds: 16,
      meanwhile: ([, sleeper], time) => time.in(3_000, () => sleeper?.sleep(4_000)),
    });
    const marks = run[1]?.marks ?? [];
    const awake = Math.ceil((3 + 4 + 1) * MARKS_A_SECOND) + 1;
    expect(marks.slice(awake)).not.toContain(undefined);
    expect(Math.max(...marks.slice(awake).map((mark) => Math.abs(mark ?? Infinity)))).toBeLessThan(1);
  }, 60_000);
});

describe.each(PATHS)("a device that hides how late or early it sounds, by %s", (path) => {
  const trimmed = (ms: number): ListenerOptions => ({ network: lan, path, hiddenMs: ms, trimMs: ms });

  test.each([187, -35])(
    "hears every line whole and in step once it is trimmed by %d ms",
    (ms) => {
      for (const seed of [7, 8]) {
        const run = sayVirtually(seed, [trimmed(ms), { network: lan, path }], { warmMs: 6_000, seconds: 4 });
        expect([clicks([run]), missing([run])]).toEqual([0, 0]);
        expect(quantile(skewsOf(run), 0.95)).toBeLessThan(0.1);
      }
    },
    60_000,
  );

  test("hears every line whole, though late, where a lead like that is not given", () => {
    const [heard] = sayVirtually(9, [trimmed(400)], { warmMs: 6_000, seconds: 4 });
    expect([clicks([[heard as VirtualHeard]]), missing([[heard as VirtualHeard]])]).toEqual([0, 0]);
  }, 60_000);
});

test("a page's thread that is busy 120 ms every half second neither clicks nor loses a block", () => {
  const busy = { ms: 120, everyMs: 500 };
  const listeners = [lan, lan, lan].map((network): ListenerOptions => ({ network, path: "blocks", busy }));
  const runs = tables(2, listeners, { startDelayMs: 220 });
  expect(p95(runs)).toBeLessThan(0.05);
  expect([clicks(runs), missing(runs)]).toEqual([0, 0]);
}, 60_000);

test("the same seed gives the same table", () => {
  const say = (): VirtualHeard[][] =>
    tables(
      1,
      [
        { network: wifi, path: "worklet" },
        { network: m40, path: "blocks" },
      ],
      { seconds: 2 },
    );
  expect(say()).toEqual(say());
}, 60_000);

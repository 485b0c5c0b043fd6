import { expect, test } from "bun:test";
import type { TimedSound } from "../../src/client/index.ts";
import { OutputTrims } from "../../src/web/play/output-trims.ts";
import { FIRST_VIEW, type SeatView } from "../../src/web/play/seat-view.ts";
import { loadSettings } from "../../src/web/play/settings.ts";
import { TunedDevice } from "../../src/web/play/tuned-device.ts";

const STEP = { skewMs: 0, uncertaintyMs: 2, isTrusted: true };

function rig(change: Partial<SeatView> = {}) {
  let view: SeatView = { ...FIRST_VIEW, ...loadSettings(), sound: "running", step: STEP, ...change };
  const sounds: TimedSound[] = [];
  const sent: object[] = [];
  const notices: string[] = [];
  const seat = {
    view: () => view,
    set: (settings: { trimMs: number }) => {
      view = { ...view, ...settings };
    },
    click: (sound: TimedSound) => void sounds.push(sound),
    notify: (notice: string) => void notices.push(notice),
  };
  const client = { clockOffsetMs: 0, send: (message: object) => sent.push(message) > 0 };
  return { device: new TunedDevice(client, seat), seat, sounds, sent, notices };
}

const PROBE = { type: "tune.probe", tune: "t1", root: 20, level: 0.25, momentsAt: [5_000, 5_700] };

test("a device plays the probe it is asked for at those moments, no louder than asked, and says so", async () => {
  const { device, sounds, sent, notices } = rig({ trimMs: 12 });
  await device.take({ type: "tune", tune: "t1", on: true });
  await device.take(PROBE);
  expect(notices).toHaveLength(1);
  expect(sent).toEqual([{ type: "tune.probed", tune: "t1", placed: 2, trimMs: 12, uncertaintyMs: 2 }]);
  const [{ samples, momentsAt } = { samples: new Float32Array(0), momentsAt: [] }] = sounds;
  expect(momentsAt).toEqual([5_000, 5_700]);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak).toBeWithin(0.23, 0.251);
  expect(samples.subarray(-64).every((sample) => sample === 0)).toBe(true);
});

test.each([{ muted: true }, { volume: 0 }, { step: undefined }, { sound: "locked" as const }])(
  "a device that nobody would hear says so and plays nothing: %p",
  async (change) => {
    const { device, sounds, sent } = rig(change);
    await device.take(PROBE);
    expect(sounds).toEqual([]);
    expect(sent).toMatchObject([{ type: "tune.probed", placed: 0 }]);
  },
);

test("a trim is set and told; what makes no sense is passed over", async () => {
  const { device, seat, sent, sounds } = rig();
  const trim = { type: "tune.trim", tune: "t1", ms: -186.9, spreadMs: 0.1 };
  await device.take(trim);
  expect(seat.view().trimMs).toBe(-186.9);
  expect(sent).toEqual([{ type: "tune.trimmed", tune: "t1", ms: -186.9 }]);
  for (const wrong of [
    { ...trim, ms: 501 },
    { ...trim, ms: "1" },
    { ...PROBE, root: 0 },
    { ...PROBE, level: 2 },
    { ...PROBE, momentsAt: Array(9).fill(5_000) },
    { type: "tune.trim" },
  ])
    await device.take(wrong);
  expect([seat.view().trimMs, sent.length, sounds.length]).toEqual([-186.9, 1, 0]);
});

test("each output has a trim of its own, and of one that was never tuned the table is told", async () => {
  const store = new Map<string, string>();
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
  };
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  try {
    let output = "";
    let unknown = 0;
    const { seat } = rig({ trimMs: 7 });
    const trims = new OutputTrims(
      seat,
      () => {
        unknown += 1;
      },
      async () => output,
    );
    await trims.ready;
    // What was set before outputs had names is of what sounds.
    expect([seat.view().trimMs, unknown]).toEqual([7, 0]);
    await trims.changed();
    expect([seat.view().trimMs, unknown]).toEqual([7, 1]);
    output = "built-in";
    await trims.changed();
    expect([seat.view().trimMs, unknown]).toEqual([7, 1]);
    output = "headphones";
    await trims.changed();
    expect([seat.view().trimMs, unknown]).toEqual([0, 2]);
    seat.set({ trimMs: -140 });
    trims.keep();
    output = "built-in";
    await trims.changed();
    expect([seat.view().trimMs, unknown]).toEqual([7, 2]);
    // The page is loaded anew, by the other one.
    output = "headphones";
    const { seat: later } = rig({ trimMs: 7 });
    await new OutputTrims(
      later,
      () => undefined,
      async () => output,
    ).ready;
    expect(later.view().trimMs).toBe(-140);
  } finally {
    Reflect.deleteProperty(globalThis, "localStorage");
  }
});

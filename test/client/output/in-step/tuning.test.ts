import { beforeAll, describe, expect, test } from "bun:test";
import { Interpolator } from "../../../../src/client/output/in-step/interpolator.ts";
import { SampleRing } from "../../../../src/client/output/in-step/sample-ring.ts";
import { Probe } from "../../../../src/core/dsp/probe.ts";
import { V2_SAMPLE_RATE } from "../../../../src/core/protocol/v2.ts";
import { type Probed, type Room, RoomTuner, type Tuned } from "../../../../src/web/dm/tuning/tune-room.ts";
import { type HeardProbe, Hearing } from "../../../../src/web/ear/hearing.ts";
import { seeded } from "../../../support/random.ts";
import { type ListenerOptions, VirtualListener } from "../../../support/step/virtual-listener.ts";
import { VirtualWorklet } from "../../../support/step/virtual-worklet.ts";
import { VirtualClock } from "../../../support/virtual-clock.ts";
import { NETWORKS } from "../../../support/virtual-link.ts";
import { VirtualTime } from "../../../support/virtual-time.ts";

const EAR_RATE = 48_000;
const PIECE = 2_048;
const WARM_MS = 8_000;
const SECONDS_KEPT = 30;

/** Devices on virtual time, each late by what it does not say, and a microphone whose clock drifts. */
class VirtualRoom implements Room {
  readonly devices: { device: number; player: string }[];
  readonly listeners: readonly VirtualListener[];
  readonly trims: number[];
  /** Those that do not play. */
  readonly broken: ReadonlySet<number>;
  readonly #time = new VirtualTime();
  readonly #server = new VirtualClock(this.#time, { offset: 1e9, ppm: 0 });
  readonly #ear = new VirtualClock(this.#time, { offset: 0, ppm: 120 });
  readonly #hearing = new Hearing(EAR_RATE);
  readonly #interpolator = new Interpolator();
  #frame = 0;
  #waiting: { root: number; momentAt: number; tell: (heard: HeardProbe) => void }[] = [];

  constructor(options: readonly Omit<ListenerOptions, "network">[], broken: readonly number[] = []) {
    const random = seeded(31);
    this.listeners = options.map(
      (each) => new VirtualListener(this.#time, this.#server, random, { network: NETWORKS.lan, ...each }),
    );
    this.trims = options.map(({ trimMs = 0 }) => trimMs);
    this.broken = new Set(broken);
    this.devices = options.map((_, index) => ({ device: index + 1, player: `p${index}` }));
    this.#time.runUntil(WARM_MS);
    this.#frame = Math.round((this.#ear.now * EAR_RATE) / 1000);
    this.#run(WARM_MS + 1_700);
  }

  now(): number {
    return this.#server.now;
  }

  async probe(order: Parameters<Room["probe"]>[0]): Promise<Probed> {
    const { device, root, level, momentsAt } = order;
    const probe = new Probe(root).sampled(V2_SAMPLE_RATE);
    const samples = new Float32Array(probe.length + 64);
    samples.set(probe.map((sample) => sample * level));
    if (!this.broken.has(device)) this.#of(device).loudspeaker.click({ samples, momentsAt });
    return { placed: momentsAt.length, trimMs: this.trims[device - 1] ?? 0 };
  }

  async trim({ device, ms }: { device: number; ms: number }): Promise<boolean> {
    this.trims[device - 1] = ms;
    this.#of(device).loudspeaker.trim(ms);
    return true;
  }

  hear(root: number, momentAt: number): Promise<HeardProbe> {
    if (this.#waiting.length === 0) setTimeout(() => this.#listen());
    return new Promise((tell) => this.#waiting.push({ root, momentAt, tell }));
  }

  #of(device: number): VirtualListener {
    return this.listeners[device - 1] as VirtualListener;
  }

  #listen(): void {
    const waiting = this.#waiting.splice(0).sort((a, b) => a.momentAt - b.momentAt);
    for (const { root, momentAt, tell } of waiting) {
      // The ear's page has its own offset to the server's clock; what it does not know is the same for all.
      const atMs = momentAt - 1e9;
      while (!this.#hearing.hasHeard(atMs)) this.#run(this.#time.now + 100);
      tell(this.#hearing.find(root, atMs));
    }
  }

  /** Lets time pass, and the microphone hear what sounded meanwhile. */
  #run(until: number): void {
    this.#time.runUntil(until);
    const sounds = this.listeners.map((listener) => {
      const sound = listener.sound;
      const ring = new SampleRing(SECONDS_KEPT * listener.sampleRate);
      ring.write(0, sound);
      return ring;
    });
    while (((this.#frame + PIECE) * 1000) / EAR_RATE <= this.#ear.now) {
      const samples = Float32Array.from({ length: PIECE }, (_, index) => {
        const trueMs = this.#ear.trueAt(((this.#frame + index) * 1000) / EAR_RATE);
        return this.listeners.reduce(
          (sum, listener, at) =>
            sum + this.#interpolator.at(sounds[at] as SampleRing, listener.placeAt(trueMs)),
          0,
        );
      });
      const heardAt = this.#ear.trueAt(((this.#frame + PIECE) * 1000) / EAR_RATE);
      this.#hearing.take({ frame: this.#frame, samples }, heardAt);
      this.#frame += PIECE;
    }
  }
}

beforeAll(() => VirtualWorklet.load());

function outcomesOf(tuned: readonly Tuned[]): string[] {
  return tuned.map(({ outcome }) => outcome.name);
}

describe.each(["worklet", "blocks"] as const)("tuned by ear, by %s", (path) => {
  test("devices that are late by what they do not say sound together to 0.1 ms", async () => {
    const hidden = [0, 187, 63];
    const room = new VirtualRoom(hidden.map((hiddenMs) => ({ path, hiddenMs })));
    const parts: number[] = [];
    const tuned = await new RoomTuner(room, (_, part) => parts.push(part)).run();
    expect(outcomesOf(tuned)).toEqual(["together", "together", "together"]);
    const left = hidden.map((ms, index) => ms - (room.trims[index] ?? 0));
    expect(Math.max(...left) - Math.min(...left)).toBeLessThan(0.1);
    // The last is the measure: nobody needs to be sent anything earlier.
    expect(room.trims[1]).toBe(0);
    const was = tuned.map(({ outcome }) =>
      outcome.name === "together" ? Math.round(outcome.wasMs) : undefined,
    );
    expect(was).toEqual([-63, 124, 0]);
    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  }, 30_000);
});

test("a device that is not heard is named and left alone, and the others stay beside it as they were", async () => {
  const path = "worklet";
  const room = new VirtualRoom(
    [
      { path, hiddenMs: 40, trimMs: -20 },
      { path, hiddenMs: 100, trimMs: 10 },
      { path, trimMs: 30 },
    ],
    [3],
  );
  const tuned = await new RoomTuner(room).run();
  expect(outcomesOf(tuned)).toEqual(["together", "together", "unheard"]);
  expect(room.trims.map((ms) => Math.round(ms * 5) / 5)).toEqual([-50, 10, 30]);
}, 30_000);

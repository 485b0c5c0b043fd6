import { describe, expect, test } from "bun:test";
import { Fft } from "../../../src/core/dsp/fft.ts";
import { PROBE_ROOTS, PROBE_SECONDS, Probe } from "../../../src/core/dsp/probe.ts";
import { type Arrival, ProbeFinder } from "../../../src/core/dsp/probe-finder.ts";
import { type Random, seeded } from "../../support/random.ts";
import { heardInRoom, type RoomOptions, someSpeech, speechIn } from "../../support/room.ts";
import { noise } from "../../support/sound.ts";

const RATES = [44_100, 48_000] as const;
const SPAN_SECONDS = 0.5;
const ROOTS = [19, 31];
const speech = await someSpeech();
const probes = ROOTS.map((root) => new Probe(root));
const [probe = new Probe(1)] = probes;
const finders = new Map(
  RATES.map((sampleRate) => {
    const span = Math.round(SPAN_SECONDS * sampleRate);
    return [sampleRate, { finder: new ProbeFinder({ sampleRate, span, seconds: PROBE_SECONDS }), span }];
  }),
);

function at(rate: number): { finder: ProbeFinder; span: number } {
  const found = finders.get(rate as (typeof RATES)[number]);
  if (!found) throw new Error(`no finder at ${rate} Hz`);
  return found;
}

/** ms between where a probe was found and where it was; undefined: not heard. */
function errorMs(random: Random, which: Probe, more: Partial<RoomOptions> = {}): number | undefined {
  const sampleRate = RATES[Math.floor(random() * RATES.length)] as number;
  const { finder, span } = at(sampleRate);
  const heard = heardInRoom(random, which, { sampleRate, span, snr: 10, speech, ...more });
  const arrival = finder.find(heard.sound, which);
  return arrival.isHeard ? ((arrival.at - heard.at) * 1000) / sampleRate : undefined;
}

/** How far apart two devices seem to be that are not, in ms; NaN where one was not heard. */
function skews(pairs: number, more: Partial<RoomOptions> = {}): number[] {
  const random = seeded(4242);
  return Array.from({ length: pairs }, () => {
    const [a, b] = probes.map((each) => errorMs(random, each, more) ?? Number.NaN);
    return Math.abs((a as number) - (b as number));
  }).sort((a, b) => a - b);
}

function p95(values: readonly number[]): number {
  expect(values.some(Number.isNaN)).toBe(false);
  return values[Math.floor(0.95 * values.length)] ?? Number.NaN;
}

describe("a transform", () => {
  test("is the sum that defines it, and comes back", () => {
    const size = 64;
    const fft = new Fft(size);
    const sound = Float64Array.from(noise(size, 1));
    const [re, im] = [sound.slice(), new Float64Array(size)];
    fft.forward(re, im);
    for (const k of [0, 1, 17, 32, 63]) {
      const sum = (turn: (angle: number) => number): number =>
        sound.reduce((all, sample, i) => all + sample * turn((-2 * Math.PI * k * i) / size), 0);
      expect(re[k]).toBeCloseTo(sum(Math.cos), 9);
      expect(im[k]).toBeCloseTo(sum(Math.sin), 9);
    }
    fft.inverse(re, im);
    for (const [i, sample] of sound.entries()) expect((re[i] as number) / size).toBeCloseTo(sample, 9);
  });

  test("of no power of two is refused", () => {
    for (const size of [0, 1, 48, 2.5, Number.NaN]) expect(() => new Fft(size)).toThrow(RangeError);
  });
});

describe("a probe", () => {
  test("begins and ends in silence, is nowhere louder than 1, and lies in its band", () => {
    const sound = probe.sampled(48_000);
    const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeWithin(0.95, 1.001);
    expect([probe.at(-0.001), probe.at(0), probe.at(0.1001)]).toEqual([0, 0, 0]);
    const fft = new Fft(8_192);
    const [re, im] = [new Float64Array(8_192), new Float64Array(8_192)];
    re.set(sound);
    fft.forward(re, im);
    const energy = (from: number, to: number): number =>
      re.reduce((sum, value, k) => {
        const hz = (k * 48_000) / 8_192;
        return hz < from || hz >= to ? sum : sum + value ** 2 + (im[k] as number) ** 2;
      }, 0);
    expect(energy(1_900, 10_100) / energy(0, 24_000)).toBeGreaterThan(0.999);
  });

  test("of a root that there is not is refused", () => {
    for (const root of [0, PROBE_ROOTS + 1, 1.5, Number.NaN])
      expect(() => new Probe(root)).toThrow(RangeError);
    expect(new Probe(PROBE_ROOTS).seconds).toBe(PROBE_SECONDS);
  });
});

describe("in rooms of many kinds, while people speak, the difference of two devices", () => {
  test.each([
    [10, 20],
    [0, 20],
  ])("is found to 0.1 ms where probes are %d dB louder than the rest of their band", (snr, pairs) => {
    expect(p95(skews(pairs, { snr }))).toBeLessThan(0.1);
  });

  test("is found where a reflection is louder than what comes straight", () => {
    expect(p95(skews(8, { isBlocked: true }))).toBeLessThan(0.1);
  });
});

describe("a probe is not heard", () => {
  test("in speech", () => {
    const random = seeded(7);
    for (let window = 0; window < 40; window++) {
      const sampleRate = RATES[window % 2] as number;
      const { finder, span } = at(sampleRate);
      expect(finder.find(speechIn(random, { sampleRate, span, speech }), probe).isHeard).toBe(false);
    }
  });

  test("in another, which is", () => {
    const random = seeded(8);
    const [, other = probe] = probes;
    const { finder, span } = at(48_000);
    const { sound } = heardInRoom(random, other, { sampleRate: 48_000, span, snr: 20, speech });
    expect([finder.find(sound, probe).isHeard, finder.find(sound, other).isHeard]).toEqual([false, true]);
  });

  test("in silence, in a click, and in nothing, and all of these are numbers", () => {
    const { finder, span } = at(48_000);
    const click = new Float64Array(span);
    click[1_000] = 1;
    for (const sound of [new Float64Array(span), new Float32Array(0), click]) {
      const { at: place, likeness, isHeard } = finder.find(sound, probe);
      expect([Number.isFinite(place), Number.isFinite(likeness), isHeard]).toEqual([true, true, false]);
    }
  });
});

test("one that is cut off at either end of the stretch is not taken for one that is not", () => {
  const random = seeded(9);
  const arrivals = [0.02, 0.05, 0.08].flatMap((cut) =>
    RATES.flatMap((sampleRate) => {
      const { finder, span } = at(sampleRate);
      const heard = (place: number): Arrival & { place: number } => {
        const room = heardInRoom(random, probe, { sampleRate, span, snr: 20, speech, at: place });
        return { ...finder.find(room.sound, probe), place };
      };
      return [heard(-cut * sampleRate), heard(span - cut * sampleRate), heard(span / 2)];
    }),
  );
  const heard = arrivals.filter(({ isHeard }) => isHeard);
  for (const { at: found, place } of heard) {
    // Of one that began before, a reflection may still be there.
    const reach = place < 0 ? 0.03 * 48_000 : 10;
    expect(Math.abs(found - place)).toBeLessThan(reach);
  }
  // All that are whole, and none that is cut off at the end.
  expect(heard.filter(({ place }) => place > 0)).toHaveLength(6);
});

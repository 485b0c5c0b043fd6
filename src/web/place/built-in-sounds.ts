import type { BuiltInBed } from "../../core/protocol/sounds.ts";
import { SOUND_RATE } from "./sound-loop.ts";

/**
 * Sounds that need no file. Only additions, multiplications and divisions, which every browser does alike: all devices
 * make the same samples. A bed is filtered going round, so that its end meets its beginning.
 */

/** Numbers of −1…1, the same for the same seed (a linear congruence, of which the upper bits count). */
function noise(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** One pole, twice round: the second time it begins with what the first one left. @param share of each sample, 0…1 */
function lowPass(sound: Float32Array, share: number): Float32Array {
  const out = new Float32Array(sound.length);
  let value = 0;
  for (let i = 0; i < 2 * sound.length; i++) {
    value += share * ((sound[i % sound.length] as number) - value);
    out[i % sound.length] = value;
  }
  return out;
}

/** What a low pass leaves over. */
function highPass(sound: Float32Array, share: number): Float32Array {
  const low = lowPass(sound, share);
  return sound.map((sample, i) => sample - (low[i] as number));
}

/** 0…1…0 so often in a round, with round tops. */
function swell(i: number, length: number, times: number, phase: number): number {
  const part = ((i * times) / length + phase) % 1;
  const half = 4 * part * (1 - part);
  return half * half;
}

function scaled(sound: Float32Array, gain: (i: number) => number): Float32Array {
  return sound.map((sample, i) => sample * gain(i));
}

function sum(...sounds: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = sounds;
  return first.map((sample, i) => others.reduce((all, other) => all + (other[i] as number), sample));
}

/** Short bursts that die away: what a drop or a spark is. */
function bursts(
  length: number,
  seed: number,
  { count, decay, loud }: { count: number; decay: number; loud: number },
): Float32Array {
  const out = new Float32Array(length);
  const [where, how, hiss] = [noise(count, seed), noise(count, seed + 1), noise(length, seed + 2)];
  for (let burst = 0; burst < count; burst++) {
    const start = Math.floor((((where[burst] as number) + 1) / 2) * length);
    const force = (how[burst] as number) * (how[burst] as number);
    let level = loud * force * force;
    for (let i = 0; level > 1e-4; i++) {
      const at = (start + i) % length;
      out[at] = (out[at] as number) + level * (hiss[i % length] as number);
      level *= decay;
    }
  }
  return out;
}

const seconds = (count: number): number => count * SOUND_RATE;

/** Each step of one takes some ms: between them the page has its turn. */
type Making = Generator<undefined, Float32Array, undefined>;

const BEDS: Readonly<Record<BuiltInBed, () => Making>> = {
  *wind() {
    const length = seconds(20);
    const low = lowPass(lowPass(noise(length, 11), 0.06), 0.06);
    yield;
    const howl = lowPass(lowPass(noise(length, 12), 0.12), 0.12);
    yield;
    const high = highPass(howl, 0.04);
    yield;
    return sum(
      scaled(low, (i) => 0.98 * (0.5 + 0.5 * swell(i, length, 2, 0.1) + 0.4 * swell(i, length, 5, 0.7))),
      scaled(high, (i) => 1.5 * swell(i, length, 3, 0.4) * (0.3 + swell(i, length, 7, 0))),
    );
  },
  *rain() {
    const length = seconds(12);
    const hiss = lowPass(highPass(noise(length, 21), 0.25), 0.7);
    yield;
    const drops = lowPass(bursts(length, 22, { count: 2_400, decay: 0.985, loud: 0.9 }), 0.5);
    yield;
    return sum(
      scaled(hiss, (i) => 0.16 + 0.03 * swell(i, length, 2, 0.3)),
      drops,
    );
  },
  *fire() {
    const length = seconds(15);
    const low = lowPass(lowPass(noise(length, 31), 0.02), 0.05);
    yield;
    const glow = highPass(low, 0.004);
    yield;
    const sparks = highPass(bursts(length, 32, { count: 260, decay: 0.97, loud: 0.8 }), 0.15);
    yield;
    const hiss = highPass(noise(length, 33), 0.4);
    yield;
    return sum(
      scaled(glow, (i) => 3 * (0.6 + 0.4 * swell(i, length, 7, 0.2))),
      sparks,
      scaled(hiss, () => 0.012),
    );
  },
  *sea() {
    const length = seconds(24);
    const deep = lowPass(lowPass(noise(length, 41), 0.05), 0.08);
    yield;
    const foam = highPass(noise(length, 42), 0.08);
    yield;
    const surf = lowPass(foam, 0.35);
    yield;
    const wave = (i: number): number => swell(i, length, 3, 0) + 0.5 * swell(i, length, 4, 0.35);
    return sum(
      scaled(deep, (i) => 0.9 * (0.5 + wave(i))),
      scaled(surf, (i) => 0.26 * (0.08 + wave(i) * wave(i))),
    );
  },
};

/** What brings each of them to −23 LUFS. */
const LEVELS: Readonly<Record<BuiltInBed, number>> = { wind: 0.866, rain: 0.677, fire: 0.93, sea: 0.643 };

/** One round of a built-in bed, −1…1; undefined where there is none of that name. */
export async function builtInBed(name: string): Promise<Float32Array | undefined> {
  if (!Object.hasOwn(BEDS, name)) return undefined;
  const bed = name as BuiltInBed;
  const making = BEDS[bed]();
  for (;;) {
    const { done, value } = making.next();
    if (done) return scaled(value, () => LEVELS[bed]);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** What rings when two dice meet wood: resonances of two poles, and how long they ring. */
const RINGS: readonly (readonly [cosine: number, radius: number])[] = [
  [0.83, 0.985],
  [0.55, 0.97],
  [0.21, 0.95],
];

/** A throw of dice, another one for each seed. */
function dice(seed: number): Float32Array {
  const out = new Float32Array(seconds(1));
  const chance = noise(64, seed);
  let at = 0;
  let force = 1;
  for (let knock = 0; knock < 14 && at < out.length; knock++) {
    const [cosine, radius] = RINGS[knock % RINGS.length] as readonly [number, number];
    ring(out, Math.floor(at), 0.55 * force, cosine + 0.1 * (chance[knock] as number), radius);
    // They bounce less and less far.
    at += seconds(0.02) + seconds(0.1) * force * (1 + (chance[32 + knock] as number));
    force *= 0.78;
  }
  return out;
}

function ring(out: Float32Array, from: number, force: number, cosine: number, radius: number): void {
  let [one, two, input] = [0, 0, force];
  for (let i = from; i < out.length; i++) {
    const value = input + 2 * radius * cosine * one - radius * radius * two;
    [input, two, one] = [0, one, value];
    out[i] = (out[i] as number) + value;
    if (i > from + 10 && Math.abs(one) < 1e-5 && Math.abs(two) < 1e-5) return;
  }
}

/** A short built-in sound; undefined where there is none of that name. @param seed each is another */
export function builtInHit(name: string, seed: number): Float32Array | undefined {
  return name === "dice" ? dice(seed) : undefined;
}

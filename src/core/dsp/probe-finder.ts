import { Fft } from "./fft.ts";
import { PROBE_BAND, type Probe } from "./probe.ts";

/** Where a probe was heard. */
export interface Arrival {
  /** Samples from the beginning of the sound, with a fraction. */
  at: number;
  /** 0…1: how much of all that sounded meanwhile, in the band, is the probe. */
  likeness: number;
  /** False: it was most likely not heard at all, and `at` says nothing. */
  isHeard: boolean;
}

/** What sounds beside the probe is smoothed over so many Hz. */
const SMOOTHING = 300;
/** 0 would be a matched filter, 1 would count phases only: in between least is found where there is nothing. */
const WHITENING = 0.5;
/** A room full of speech is so like a probe by chance, times the root of the probe's band times its length. */
const CHANCE = 4.2;
/** Of the strongest path, an earlier one has to have so much to be the first… */
const FIRST_SHARE = 0.4;
/** …and so many times what there is always… */
const ABOVE_NOISE = 4;
/** …and it lies no more than so many seconds before. */
const FIRST_REACH = 0.015;
/** What follows it within so many seconds is the same arrival. */
const SIDE_LOBES = 0.0003;
/** Of the mean energy: in silence nothing is like anything. */
const FLOOR = 0.1;
const TINY = 1e-30;

interface Spectrum {
  re: Float64Array;
  im: Float64Array;
}

/**
 * Finds when a probe was heard in a stretch of sound, whatever else was to be heard: correlates them with weights that
 * take the room's noise out (between a matched filter and the phase transform: C. Knapp, G. Carter, "The generalized
 * correlation method for estimation of time delay", 1976), and of the paths on which it came takes the first.
 */
export class ProbeFinder {
  readonly #sampleRate: number;
  readonly #span: number;
  readonly #fft: Fft;
  readonly #spectra = new WeakMap<Probe, Spectrum>();

  /**
   * @param options.sampleRate Hz of the sound
   * @param options.span samples of each stretch
   * @param options.seconds of the longest probe
   */
  constructor(options: { sampleRate: number; span: number; seconds: number }) {
    const { sampleRate, span, seconds } = options;
    this.#sampleRate = sampleRate;
    this.#span = span;
    this.#fft = new Fft(2 ** Math.ceil(Math.log2(span + seconds * sampleRate + 1)));
  }

  /** @param sound a whole stretch; what is missing of one is silence */
  find(sound: ArrayLike<number>, probe: Probe): Arrival {
    const span = this.#span;
    const { correlation, energy, power } = this.#correlate(sound, probe);
    const length = Math.round(probe.seconds * this.#sampleRate);
    const sums = new Float64Array(span + length + 1);
    for (let i = 0; i < span + length; i++) sums[i + 1] = (sums[i] as number) + (energy[i] as number);
    const floor = (FLOOR * (sums[span] as number) * length) / span;
    const likeness = (at: number): number => {
      const beside = (sums[at + length] as number) - (sums[at] as number) + floor;
      return (correlation[at] as number) / (Math.sqrt((power * beside) / this.#fft.size) + TINY);
    };
    let best = 1;
    // Of one that is cut off at the end too little is there to be sure.
    for (let at = 2; at <= span - length; at++) if (likeness(at) > likeness(best)) best = at;
    const like = likeness(best);
    const { low, high } = PROBE_BAND;
    const isHeard = like >= CHANCE / Math.sqrt((high - low) * probe.seconds);
    return { at: peakNear(correlation, this.#firstPath(correlation, best)), likeness: like, isHeard };
  }

  /** How like the probe the sound is at each place, what sounds there, both weighted, and the probe's own power. */
  #correlate(
    sound: ArrayLike<number>,
    probe: Probe,
  ): { correlation: Float64Array; energy: Float64Array; power: number } {
    const { size } = this.#fft;
    const { re, im } = this.#transform(sound);
    const { re: ofProbe, im: imOfProbe } = this.#spectrumOf(probe);
    const weights = this.#weights(re, im);
    const first = Math.floor((PROBE_BAND.low * 0.95 * size) / this.#sampleRate);
    const last = Math.min(size / 2 - 1, Math.ceil((PROBE_BAND.high * 1.03 * size) / this.#sampleRate));
    const there = { re: new Float64Array(size), im: new Float64Array(size) };
    const likes = { re: new Float64Array(size), im: new Float64Array(size) };
    let power = 0;
    // One side of the spectrum: what comes back has no carrier, and its size is the envelope.
    for (let k = first; k <= last; k++) {
      const [x, y] = [re[k] as number, im[k] as number];
      const [p, q] = [ofProbe[k] as number, imOfProbe[k] as number];
      const weight = weights[k] as number;
      const root = Math.sqrt(weight);
      there.re[k] = x * root;
      there.im[k] = y * root;
      likes.re[k] = (x * p + y * q) * weight;
      likes.im[k] = (y * p - x * q) * weight;
      power += (p * p + q * q) * weight;
    }
    this.#fft.inverse(there.re, there.im);
    this.#fft.inverse(likes.re, likes.im);
    const correlation = new Float64Array(this.#span);
    for (let i = 0; i < this.#span; i++)
      correlation[i] = Math.hypot(likes.re[i] as number, likes.im[i] as number);
    const energy = there.re.map((value, i) => value ** 2 + (there.im[i] as number) ** 2);
    return { correlation, energy, power };
  }

  #transform(sound: ArrayLike<number>): Spectrum {
    const { size } = this.#fft;
    const [re, im] = [new Float64Array(size), new Float64Array(size)];
    for (let i = 0; i < Math.min(sound.length, this.#span); i++) re[i] = sound[i] as number;
    this.#fft.forward(re, im);
    return { re, im };
  }

  #spectrumOf(probe: Probe): Spectrum {
    let spectrum = this.#spectra.get(probe);
    if (!spectrum) {
      const { size } = this.#fft;
      spectrum = { re: new Float64Array(size), im: new Float64Array(size) };
      spectrum.re.set(probe.sampled(this.#sampleRate));
      this.#fft.forward(spectrum.re, spectrum.im);
      this.#spectra.set(probe, spectrum);
    }
    return spectrum;
  }

  /** The louder the room is around a frequency, the less that counts. */
  #weights(re: Float64Array, im: Float64Array): Float64Array {
    const { size } = this.#fft;
    const half = size / 2;
    const reach = Math.max(1, Math.round((SMOOTHING * size) / (2 * this.#sampleRate)));
    const sums = new Float64Array(half + 1);
    for (let k = 0; k < half; k++)
      sums[k + 1] = (sums[k] as number) + (re[k] as number) ** 2 + (im[k] as number) ** 2;
    return Float64Array.from({ length: half }, (_, k) => {
      const [from, to] = [Math.max(0, k - reach), Math.min(half, k + reach)];
      const power = ((sums[to] as number) - (sums[from] as number)) / (to - from);
      return (power + TINY) ** -WHITENING;
    });
  }

  /** A reflection may be stronger than what came straight. */
  #firstPath(correlation: Float64Array, best: number): number {
    const value = (at: number): number => correlation[at] ?? 0;
    const least = Math.max(FIRST_SHARE * value(best), ABOVE_NOISE * median(correlation));
    let first = Math.max(1, best - Math.round(FIRST_REACH * this.#sampleRate));
    const isPeak = (at: number): boolean =>
      value(at) >= least && value(at) >= value(at - 1) && value(at) > value(at + 1);
    while (first < best && !isPeak(first)) first += 1;
    const until = Math.min(correlation.length - 2, first + Math.round(SIDE_LOBES * this.#sampleRate));
    let top = first;
    for (let at = first; at <= until; at++) if (value(at) > value(top)) top = at;
    return top;
  }
}

/** The top of a parabola through the logarithms of three values. */
function peakNear(values: Float64Array, at: number): number {
  const [before, top, after] = [at - 1, at, at + 1].map((each) => Math.log((values[each] ?? 0) + TINY));
  if (before === undefined || top === undefined || after === undefined) return at;
  const bend = before - 2 * top + after;
  return bend < 0 ? at + Math.max(-1, Math.min(1, (0.5 * (before - after)) / bend)) : at;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  return sorted[sorted.length >> 1] ?? 0;
}

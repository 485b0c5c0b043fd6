import { Fft } from "./fft.ts";

/** Hz: small loudspeakers have nothing below, and little above. */
export const PROBE_BAND: { readonly low: number; readonly high: number } = { low: 2_000, high: 10_000 };
/** How long a probe usually is. */
export const PROBE_SECONDS = 0.1;
/** There are as many probes of that length, less one, as a sequence has numbers: each is told from all others. */
export const PROBE_ROOTS: number = largestPrime((PROBE_BAND.high - PROBE_BAND.low) * PROBE_SECONDS) - 1;

/** So many samples of a probe are kept: 16 and more of its highest tone's period. */
const TABLE = 32_768;
/** Of a probe it rises, and falls. */
const RISE = 0.05;

/**
 * A short sound, like "tss", whose arrival can be found to a hundredth of a ms: lines in a band with the phases of a
 * Zadoff-Chu sequence, which make both its spectrum and its envelope flat (D. C. Chu, "Polyphase codes with good
 * periodic correlation properties", 1972). Each root gives another, unlike all others.
 */
export class Probe {
  readonly seconds: number;
  readonly #table: Float64Array;

  /**
   * @param root from 1 to `PROBE_ROOTS`
   * @throws RangeError for another root
   */
  constructor(root: number, seconds: number = PROBE_SECONDS) {
    if (!Number.isInteger(root) || root < 1 || root > PROBE_ROOTS)
      throw new RangeError(`there is no probe of root ${root}`);
    this.seconds = seconds;
    this.#table = tableOf(root, seconds);
  }

  /** What it is so many seconds after its beginning: −1 to 1. */
  at(seconds: number): number {
    const place = (seconds * TABLE) / this.seconds;
    const whole = Math.floor(place);
    const part = place - whole;
    if (whole < -1 || whole > TABLE) return 0;
    const [a, b, c, d] = [this.#of(whole - 1), this.#of(whole), this.#of(whole + 1), this.#of(whole + 2)];
    return b + 0.5 * part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a)));
  }

  /** All of it at that rate, in Hz. */
  sampled(rate: number): Float64Array {
    return Float64Array.from({ length: Math.ceil(this.seconds * rate) }, (_, i) => this.at(i / rate));
  }

  #of(index: number): number {
    return this.#table[index] ?? 0;
  }
}

function tableOf(root: number, seconds: number): Float64Array {
  const { low, high } = PROBE_BAND;
  const first = Math.ceil(low * seconds);
  const count = largestPrime((high - low) * seconds);
  const re = new Float64Array(TABLE);
  const im = new Float64Array(TABLE);
  for (let line = 0; line < count; line++) {
    const phase = (-Math.PI * root * line * (line + 1)) / count;
    re[first + line] = Math.cos(phase);
    im[first + line] = Math.sin(phase);
  }
  new Fft(TABLE).inverse(re, im);
  const most = re.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  return re.map((sample, i) => (sample / most) * envelope(i / TABLE));
}

/** A Tukey window over 0…1. */
function envelope(part: number): number {
  return Math.sin((Math.PI / 2) * Math.min(1, part / RISE, (1 - part) / RISE)) ** 2;
}

function largestPrime(most: number): number {
  for (let number = Math.floor(most); ; number--) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= number && isPrime; divisor++) isPrime = number % divisor !== 0;
    if (isPrime) return number;
  }
}

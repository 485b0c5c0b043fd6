/** What tells one voice from another. */
export interface Timbre {
  /** Median fundamental, Hz. */
  f0: number;
  /** Long-term spectrum: dB of each third of an octave from 200 Hz to 7 kHz, their mean taken away. */
  bands: readonly number[];
}

/** Samples of a window; a fundamental of 50 Hz has two periods in it. */
const WINDOW = 1024;
const COSINES = Float64Array.from({ length: WINDOW }, (_, n) => Math.cos((2 * Math.PI * n) / WINDOW));
/** Mean square below which nobody is speaking. */
const SILENCE = 1e-4;

/** @param sampleRate Hz */
export function timbreOf(samples: Float32Array, sampleRate: number): Timbre {
  const edges = Array.from({ length: 16 }, (_, index) => 200 * 2 ** (index / 3));
  const powers = edges.map(() => 0);
  const fundamentals: number[] = [];
  for (let at = 0; at + 2 * WINDOW <= samples.length; at += WINDOW) {
    const window = samples.subarray(at, at + WINDOW);
    if (correlation(window, window) / WINDOW < SILENCE) continue;
    for (const [band, from] of edges.entries()) {
      powers[band] = (powers[band] ?? 0) + powerBetween(window, from, from * 2 ** (1 / 3), sampleRate);
    }
    const f0 = fundamental(samples.subarray(at, at + 2 * WINDOW), sampleRate);
    if (f0 !== undefined) fundamentals.push(f0);
  }
  const levels = powers.map((power) => 10 * Math.log10(power + 1e-12));
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  fundamentals.sort((a, b) => a - b);
  return { f0: fundamentals[fundamentals.length >> 1] ?? 0, bands: levels.map((level) => level - mean) };
}

export function semitonesBetween(one: Timbre, other: Timbre): number {
  return Math.abs(12 * Math.log2(one.f0 / other.f0));
}

/** Root of the mean square over the bands, dB. */
export function spectralDistance(one: Timbre, other: Timbre): number {
  const squares = one.bands.map((level, band) => (level - (other.bands[band] ?? 0)) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** By the discrete Fourier transform at the frequencies that fall into the band. */
function powerBetween(window: Float32Array, from: number, to: number, sampleRate: number): number {
  let power = 0;
  const bins = { first: Math.ceil((from * WINDOW) / sampleRate), end: (to * WINDOW) / sampleRate };
  for (let bin = bins.first; bin < bins.end; bin++) {
    let [re, im] = [0, 0];
    for (let n = 0; n < WINDOW; n++) {
      const sample = (window[n] as number) * (0.5 - 0.5 * (COSINES[n] as number));
      re += sample * (COSINES[(n * bin) % WINDOW] as number);
      im += sample * (COSINES[(n * bin + (WINDOW * 3) / 4) % WINDOW] as number);
    }
    power += re * re + im * im;
  }
  return power;
}

/** The shortest lag that correlates nearly as well as the best; undefined where nothing repeats. */
function fundamental(samples: Float32Array, sampleRate: number): number | undefined {
  const still = samples.subarray(0, WINDOW);
  const least = Math.floor(sampleRate / 400);
  const energy = correlation(still, still);
  const scores: number[] = [];
  for (let lag = least; lag <= sampleRate / 50; lag++) {
    const moved = samples.subarray(lag, lag + WINDOW);
    scores.push(correlation(still, moved) / Math.sqrt(energy * correlation(moved, moved)));
  }
  const best = Math.max(...scores);
  if (best < 0.6) return undefined;
  const at = scores.findIndex(
    (score, i) => score > 0.9 * best && score >= (scores[i - 1] ?? -1) && score >= (scores[i + 1] ?? -1),
  );
  return sampleRate / (least + at);
}

function correlation(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] as number) * (other[i] as number);
  return sum;
}

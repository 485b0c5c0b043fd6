/** How steep the window is; stops at about 100 dB where the filter is long enough. */
const KAISER_BETA = 9;
const KAISER_PEAK = bessel(KAISER_BETA);

/**
 * Filters that read a signal between its samples: a sinc in a Kaiser window, one row of `2 * half` taps for
 * each of `phases` positions between two samples, each of gain 1.
 * @param cutoff as a part of the Nyquist frequency
 */
export function polyphase(phases: number, half: number, cutoff: number): Float32Array {
  const taps = 2 * half;
  const filter = new Float32Array(phases * taps);
  for (let phase = 0; 2 * phase <= phases; phase++) {
    const row = filter.subarray(phase * taps, (phase + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - half + 1 - phase / phases;
      row[tap] = sinc(x * cutoff) * kaiser(x / half);
      sum += row[tap] as number;
    }
    for (let tap = 0; tap < taps; tap++) row[tap] = (row[tap] as number) / sum;
    // As far before a sample as this is behind the one before it.
    if (phase > 0) filter.set(row.toReversed(), (phases - phase) * taps);
  }
  return filter;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** @param x −1…1 across the window */
function kaiser(x: number): number {
  return Math.abs(x) < 1 ? bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / KAISER_PEAK : 0;
}

/** The modified Bessel function of order 0, by its series, to a millionth. */
function bessel(x: number): number {
  const square = (x / 2) ** 2;
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-7 * sum; k++) {
    term *= square / (k * k);
    sum += term;
  }
  return sum;
}

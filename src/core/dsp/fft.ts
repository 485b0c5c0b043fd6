/**
 * The discrete Fourier transform of one length, a power of two (Cooley and Tukey, radix 2). Code of our own, because it is
 * these lines: the packages of this kind bring a WebAssembly module, or have no types and no release in years.
 */
export class Fft {
  readonly size: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @throws RangeError where the size is no power of two */
  constructor(size: number) {
    if (!(size >= 2 && Number.isInteger(Math.log2(size)))) throw new RangeError(`${size} is no power of two`);
    this.size = size;
    this.#cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  }

  /** From samples to their spectrum, in place. */
  forward(re: Float64Array, im: Float64Array): void {
    this.#reorder(re);
    this.#reorder(im);
    for (let length = 2; length <= this.size; length *= 2) this.#merge(re, im, length);
  }

  /** From a spectrum to `size` times the samples, in place. */
  inverse(re: Float64Array, im: Float64Array): void {
    this.forward(im, re);
  }

  /** Sorts by the reversed bits of the index. */
  #reorder(values: Float64Array): void {
    for (let i = 1, j = 0; i < this.size; i++) {
      let bit = this.size >> 1;
      for (; j & bit; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i < j) {
        const value = values[i] as number;
        values[i] = values[j] as number;
        values[j] = value;
      }
    }
  }

  /** Makes transforms of that length of pairs of transforms of half of it. */
  #merge(re: Float64Array, im: Float64Array, length: number): void {
    const half = length / 2;
    const step = this.size / length;
    for (let from = 0; from < this.size; from += length) {
      for (let i = 0; i < half; i++) {
        const a = from + i;
        const b = a + half;
        const cos = this.#cos[i * step] as number;
        const sin = this.#sin[i * step] as number;
        const x = (re[b] as number) * cos - (im[b] as number) * sin;
        const y = (re[b] as number) * sin + (im[b] as number) * cos;
        re[b] = (re[a] as number) - x;
        im[b] = (im[a] as number) - y;
        re[a] = (re[a] as number) + x;
        im[a] = (im[a] as number) + y;
      }
    }
  }
}

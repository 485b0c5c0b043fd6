/** One channel of several, as far as was decoded; a copy. */
export function mixDown(
  [first = new Float32Array(), ...others]: readonly Float32Array[],
  length: number,
): Float32Array<ArrayBuffer> {
  const samples = first.slice(0, length);
  for (const [index, other] of others.entries()) {
    for (let at = 0; at < samples.length; at++) {
      const mixed = samples[at] as number;
      samples[at] = mixed + ((other[at] as number) - mixed) / (index + 2);
    }
  }
  return samples;
}

/**
 * One station of mono sound on its way, in pieces. What comes out is delayed by nothing: the first sample out
 * stands where the first sample in stood, though it may come out only with a later piece.
 */
export interface AudioProcessor {
  /** The output that is ready after the next piece. */
  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer>;
  /** The rest of the output, after the last piece. */
  flush(): Float32Array<ArrayBuffer>;
}

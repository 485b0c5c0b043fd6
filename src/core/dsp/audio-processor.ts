/**
 * One station of mono sound on its way, in pieces. What comes out is delayed by nothing: the first sample out
 * stands where the first sample in stood, though it may come out only with a later piece.
 */
export interface AudioProcessor {
  /** What the next piece makes possible. */
  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer>;
  /** What is left when the last piece has come. */
  flush(): Float32Array<ArrayBuffer>;
}

/** ms, on a clock that never jumps. */
export function clock(): number {
  return performance.now();
}

/** Calls `tick` every so many ms, until the function it gives back is called. */
export function every(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
}

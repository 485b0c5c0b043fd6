/** Clips with as many chunks of which the durations are told apart: no client still has one of more before. */
const REMEMBERED = 256;

/**
 * Clients of dm20 know a clip by how many chunks it has and how long it is: two clips never agree in both. Where one
 * would, it is said to be a little longer than it is.
 */
export class ClipDurations {
  /** By the number of chunks, the oldest first. */
  readonly #used = new Map<number, Set<number>>();

  /** The duration that is told of a clip, ms. */
  tell(chunks: number, durationMs: number): number {
    const used = this.#used.get(chunks) ?? new Set<number>();
    this.#used.set(chunks, used);
    let told = durationMs;
    while (used.has(told)) told += 1;
    used.add(told);
    const [oldest] = used;
    if (used.size > REMEMBERED && oldest !== undefined) used.delete(oldest);
    return told;
  }
}

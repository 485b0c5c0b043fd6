import { V2_SAMPLE_RATE } from "../../src/core/protocol/v2.ts";

/** What is later counts as that late. */
const MOST_MS = 4000;

/**
 * How late frames of sound come. A line begins when the first listener has its first frame; from then on each
 * frame is due when it would be heard, at every listener alike.
 */
export class Lateness {
  /** When a line began, by its handle, ms. */
  readonly #begun = new Map<number, number>();
  /** Frames by whole ms. */
  readonly #late = new Uint32Array(MOST_MS + 1);
  #frames = 0;

  /** @param head the first 16 bytes of a v2 frame */
  heard(head: Uint8Array): void {
    const now = performance.now();
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const handle = view.getUint16(2, true);
    const begun = this.#begun.get(handle) ?? now;
    if (begun === now) this.#begun.set(handle, now);
    const dueAt = begun + (view.getUint32(8, true) * 1000) / V2_SAMPLE_RATE;
    const late = Math.min(MOST_MS, Math.max(0, Math.floor(now - dueAt)));
    this.#late[late] = (this.#late[late] ?? 0) + 1;
    this.#frames += 1;
  }

  clear(): void {
    this.#begun.clear();
    this.#late.fill(0);
    this.#frames = 0;
  }

  report(): { frames: number; p50: number; p99: number } {
    return { frames: this.#frames, p50: this.#quantile(0.5), p99: this.#quantile(0.99) };
  }

  #quantile(share: number): number {
    let left = this.#frames * share;
    for (const [ms, frames] of this.#late.entries()) {
      left -= frames;
      if (left <= 0) return ms;
    }
    return MOST_MS;
  }
}

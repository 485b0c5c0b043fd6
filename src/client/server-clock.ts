import type { ClockMessage } from "../core/v2.ts";

/** Probes that are remembered: the one that travelled fastest is believed. */
const REMEMBERED = 8;

/** What the server's clock shows, from the echoes of probes (D. Mills, RFC 5905, section 8). */
export class ServerClock {
  #probes: { offsetMs: number; delayMs: number }[] = [];

  /** Takes an echo that came when the client's own clock showed `t3`. */
  learn({ t0, t1, t2 }: ClockMessage, t3: number): void {
    const probe = { offsetMs: (t1 - t0 + t2 - t3) / 2, delayMs: t3 - t0 - (t2 - t1) };
    if (probe.delayMs < 0) return;
    this.#probes = [...this.#probes, probe].slice(-REMEMBERED);
  }

  /** ms to add to the client's clock; undefined before the first echo. */
  get offsetMs(): number | undefined {
    const [best] = [...this.#probes].sort((a, b) => a.delayMs - b.delayMs);
    return best?.offsetMs;
  }
}

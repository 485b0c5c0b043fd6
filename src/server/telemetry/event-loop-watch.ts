/** How often the thread is looked at, ms. */
const EVERY_MS = 500;
/** For so long a stall is remembered: whoever asks comes every few seconds. */
const REMEMBER_MS = 30_000;

type Repeat = (work: () => void, everyMs: number) => () => void;

const byInterval: Repeat = (work, everyMs) => {
  const timer = setInterval(work, everyMs);
  // It keeps no process alive.
  const handle: { unref?: () => void } | number = timer;
  if (typeof handle === "object") handle.unref?.();
  return () => clearInterval(timer);
};

/** How late the thread is: a timer that comes late had to wait for something else. */
export class EventLoopWatch {
  readonly #now: () => number;
  readonly #stop: () => void;
  #dueAt: number;
  #lagMs = 0;
  #worst = { ms: 0, at: -Infinity };

  /**
   * @param now a monotonic clock in ms
   * @param repeat calls back every so many ms until what it returned is called
   */
  constructor(now: () => number = () => performance.now(), repeat: Repeat = byInterval) {
    this.#now = now;
    this.#dueAt = now() + EVERY_MS;
    this.#stop = repeat(() => this.#look(), EVERY_MS);
  }

  /** ms by which the last look came late, or the next one is late by now. */
  get lagMs(): number {
    return Math.max(this.#lagMs, this.#now() - this.#dueAt, 0);
  }

  /** The most of the last half minute. */
  get worstLagMs(): number {
    const isRecent = this.#now() - this.#worst.at <= REMEMBER_MS;
    return Math.max(isRecent ? this.#worst.ms : 0, this.lagMs);
  }

  stop(): void {
    this.#stop();
  }

  #look(): void {
    const now = this.#now();
    this.#lagMs = Math.max(0, now - this.#dueAt);
    this.#dueAt = now + EVERY_MS;
    if (this.#lagMs >= this.#worst.ms || now - this.#worst.at > REMEMBER_MS)
      this.#worst = { ms: this.#lagMs, at: now };
  }
}

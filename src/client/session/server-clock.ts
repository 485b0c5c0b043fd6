import type { ClockEcho, RemoteClock } from "../../core/clock/remote-clock.ts";

/** Echoes that wait while the clock's code is loading. */
const MAX_WAITING = 32;

/**
 * The server's clock, kept across connections until the server restarts. The code that follows it is loaded with
 * the first echo: a page does not need it to start.
 */
export class ServerClock {
  #epoch: string | undefined;
  #remote: RemoteClock | undefined;
  #waiting: (readonly [echo: ClockEcho, t3: number])[] = [];
  #isLoading = false;

  /** What is known of it; undefined before the first echo. */
  get remote(): RemoteClock | undefined {
    return this.#remote;
  }

  /** The server has that epoch: another one has another clock. */
  welcome(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#remote = undefined;
    this.#waiting = [];
  }

  /** Takes an echo that came when the client's own clock showed `t3`. */
  learn(echo: ClockEcho, t3: number): void {
    if (this.#remote) {
      this.#remote.learn(echo, t3);
      return;
    }
    this.#waiting = [...this.#waiting, [echo, t3] as const].slice(-MAX_WAITING);
    if (!this.#isLoading) void this.#load();
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    try {
      const { RemoteClock } = await import("../../core/clock/remote-clock.ts");
      this.#remote = new RemoteClock();
      for (const [echo, t3] of this.#waiting.splice(0)) this.#remote.learn(echo, t3);
    } catch {
      // The next echo tries again.
    } finally {
      this.#isLoading = false;
    }
  }
}

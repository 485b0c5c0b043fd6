import type { ClockEcho, RemoteClock } from "../../core/clock/remote-clock.ts";

/** Echoes that wait while the code of the clock is under way. */
const MAX_WAITING = 32;

/**
 * The server's clock, kept from one connection to the next until the server starts anew. The code that
 * follows it is loaded when the first echo is there: it counts among what a page does not need to begin.
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

  /** A server welcomed us: another epoch is another clock. */
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

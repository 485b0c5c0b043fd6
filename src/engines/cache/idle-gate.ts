import { untilAborted } from "../../core/async/abortable.ts";
import { type Deferred, deferred } from "../../core/async/deferred.ts";

/** Lets what somebody waits for go first: work that is done ahead stops for it, and begins anew afterwards. */
export class IdleGate {
  #urgent = 0;
  #running: AbortController | undefined;
  #quiet: Deferred<void> | undefined;

  /** Something urgent begins. @returns to be called once when it is over */
  enter(): () => void {
    this.#urgent += 1;
    this.#running?.abort(new DOMException("something urgent came", "AbortError"));
    return () => {
      this.#urgent -= 1;
      this.#wake();
    };
  }

  /**
   * Does the work while nothing is urgent, one piece at a time.
   * @param work begun anew when its signal was aborted because something urgent came
   * @throws `signal.reason`, or whatever the work throws otherwise
   */
  async whenQuiet<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      while (this.#urgent > 0 || this.#running) {
        this.#quiet ??= deferred();
        await untilAborted(this.#quiet.promise, signal);
      }
      const running = new AbortController();
      this.#running = running;
      try {
        return await work(AbortSignal.any([signal, running.signal]));
      } catch (error) {
        signal.throwIfAborted();
        if (!running.signal.aborted) throw error;
      } finally {
        this.#running = undefined;
        this.#wake();
      }
    }
  }

  #wake(): void {
    this.#quiet?.resolve();
    this.#quiet = undefined;
  }
}

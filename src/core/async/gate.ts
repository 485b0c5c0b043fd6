import { type Deferred, deferred } from "./deferred.ts";
import { onAbort } from "./on-abort.ts";

/** What everybody passes while it is open, and waits at while it is closed. */
export class Gate {
  #opening: Deferred<void> | undefined;

  /** Closes it until the function that is returned is called; calling that again is harmless. */
  close(): () => void {
    this.#opening ??= deferred();
    const opening = this.#opening;
    return () => {
      if (this.#opening === opening) this.#opening = undefined;
      opening.resolve();
    };
  }

  /** Resolves once it is open, or the signal says that nobody wants to pass any more. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.#opening && !signal.aborted) {
      const { promise, resolve } = deferred();
      const forget = onAbort(signal, resolve);
      await Promise.race([this.#opening.promise, promise]);
      forget();
    }
  }
}

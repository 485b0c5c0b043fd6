import { untilAborted } from "../../../core/async/abortable.ts";
import { BardcastError } from "../../../core/errors.ts";

/** How long a service is waited for, in ms. */
export interface PatienceLimits {
  /** Until it answers a socket; over HTTP the answer comes with the first audio, and has that long. */
  connectMs: number;
  /** Until the first audio, all tries together. */
  firstAudioMs: number;
  /** Between two pieces of audio. */
  idleMs: number;
}

/** Ends one try when the service is silent for too long, or when `signal` says so. */
export class Patience {
  /** Aborted at the end of the patience, of the try, or of the whole order. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #outer: AbortSignal | undefined;
  readonly #end = (): void => this.#abort.abort(this.#outer?.reason);

  constructor(outer: AbortSignal | undefined) {
    this.signal = this.#abort.signal;
    this.#outer = outer;
    if (outer?.aborted) this.#end();
    outer?.addEventListener("abort", this.#end, { once: true });
  }

  /** Ends the try after `ms` unless it is taken back. @returns what takes it back */
  limit(ms: number, awaited: string): () => void {
    const late = new BardcastError("engine-hung", `no ${awaited} after ${ms} ms`, { retryable: true });
    const timer = setTimeout(() => this.#abort.abort(late), ms);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /** The promise, or the reason why it is waited for no longer. */
  until<T>(promise: Promise<T>): Promise<T> {
    return untilAborted(promise, this.signal);
  }

  /** Ends the try. Safe to call twice. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#outer?.removeEventListener("abort", this.#end);
    this.#abort.abort(new BardcastError("cancelled", "cancelled"));
  }
}

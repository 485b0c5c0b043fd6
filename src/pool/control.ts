import { type Endpoint, type Remote, wrap } from "comlink";
import type { BardcastError } from "../core/errors.ts";
import type { SpeechWorker } from "./protocol.ts";

/** Calls a worker by comlink, whose own calls never settle once the worker is gone. */
export class Control {
  readonly #remote: Remote<SpeechWorker>;
  /** One for each call under way; racing all of them against one promise would leak. */
  readonly #rejecters = new Set<(error: BardcastError) => void>();
  #lost: BardcastError | undefined;

  constructor(endpoint: Endpoint) {
    this.#remote = wrap<SpeechWorker>(endpoint);
  }

  /** @throws BardcastError what `lose` was told */
  call<T>(ask: (worker: Remote<SpeechWorker>) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#lost) {
        reject(this.#lost);
        return;
      }
      this.#rejecters.add(reject);
      ask(this.#remote)
        .then(resolve, reject)
        .finally(() => this.#rejecters.delete(reject));
    });
  }

  /** The worker is gone: every call, under way or to come, is rejected. */
  lose(error: BardcastError): void {
    this.#lost = error;
    for (const reject of this.#rejecters) reject(error);
    this.#rejecters.clear();
  }
}

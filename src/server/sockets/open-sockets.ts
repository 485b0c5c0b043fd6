import type { WSEvents } from "hono/ws";
import { type Deferred, deferred } from "../../core/async/deferred.ts";

/** Counts sockets from their opening until they are gone, which is later than they are told to close. */
export class OpenSockets {
  #count = 0;
  #none: Deferred<void> | undefined;

  /** The same events, counted. */
  counted<T>(events: WSEvents<T>): WSEvents<T> {
    return {
      ...events,
      onOpen: (event, ws) => {
        this.#count += 1;
        events.onOpen?.(event, ws);
      },
      onClose: (event, ws) => {
        events.onClose?.(event, ws);
        this.#count -= 1;
        if (this.#count === 0) this.#none?.resolve();
      },
    };
  }

  /** Resolves when there is none. */
  async none(): Promise<void> {
    while (this.#count > 0) {
      this.#none ??= deferred();
      await this.#none.promise;
      this.#none = undefined;
    }
  }
}

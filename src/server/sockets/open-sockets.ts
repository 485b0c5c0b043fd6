import type { WSEvents } from "hono/ws";

/** Counts sockets from their opening until they are gone, which is later than they are told to close. */
export class OpenSockets {
  #count = 0;
  #onNone: (() => void) | undefined;

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
        if (this.#count === 0) this.#onNone?.();
      },
    };
  }

  /** Resolves when there is none. For one waiter. */
  none(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) resolve();
      else this.#onNone = resolve;
    });
  }
}

import type { ConnectionState } from "../../client/index.ts";

/** Counts how long there has been no word from the table. */
export class Silence {
  /** When the last word came, while there is no connection. */
  #wordAt: number | undefined = performance.now();

  follow(state: ConnectionState): void {
    if (state.name === "open") this.#wordAt = undefined;
    else this.#wordAt ??= performance.now() - (state.name === "waiting" ? state.silentMs : 0);
  }

  /** Undefined while there is a connection. */
  get seconds(): number | undefined {
    return this.#wordAt && Math.floor((performance.now() - this.#wordAt) / 1_000);
  }
}

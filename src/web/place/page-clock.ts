import type { TableClock } from "../../client/output/step.ts";

/** The table's clock as a page knows it, on whatever thread it is followed. */
export class PageClock implements TableClock {
  /** As often as it is asked for; a table whose server started anew gets another object. */
  readonly #offsetMs: () => number | undefined;
  readonly drift = 0;
  readonly echoes = 0;

  /** @param offsetMs to be added to `performance.now()`; undefined before the first probe */
  constructor(offsetMs: () => number | undefined) {
    this.#offsetMs = offsetMs;
  }

  get isTrusted(): boolean {
    return this.#offsetMs() !== undefined;
  }

  remoteAt(localMs: number): number | undefined {
    const offsetMs = this.#offsetMs();
    return offsetMs === undefined ? undefined : localMs + offsetMs;
  }

  /** Not known here; whoever plays speech says how well step is kept. */
  uncertaintyMs(): number {
    return 0;
  }

  delayMs(): number {
    return 0;
  }
}

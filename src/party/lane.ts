/** One line's part in what one listener hears. */
export interface Part {
  /** Higher first. */
  readonly priority: number;
  /** Order of arrival, for equal priorities. */
  readonly order: number;
  /** Sends the line; resolves when the listener was handed all of it, or ended. Never rejects. */
  perform(): Promise<void>;
  /** The listener is gone: `perform` is not called any more, and has nothing to wait for. */
  abandon(): void;
}

/** What one connection hears: one line after the other, by priority and then in order of arrival. */
export class Lane {
  readonly #waiting: Part[] = [];
  #current: Part | undefined;
  #open = true;

  add(part: Part): void {
    if (!this.#open) {
      part.abandon();
      return;
    }
    const before = this.#waiting.findIndex((other) => comesBefore(part, other));
    this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, part);
    if (!this.#current) void this.#run();
  }

  /** The connection has ended. */
  close(): void {
    this.#open = false;
    this.#current?.abandon();
    for (const part of this.#waiting.splice(0)) part.abandon();
  }

  async #run(): Promise<void> {
    for (;;) {
      this.#current = this.#waiting.shift();
      if (!this.#current) return;
      await this.#current.perform();
    }
  }
}

function comesBefore(a: Part, b: Part): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.order < b.order);
}

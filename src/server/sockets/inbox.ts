import type { TimeSlicer } from "../../core/async/time-slicer.ts";

/**
 * Messages of one client, taken in order, in turns with those of the others and with whatever else is to be done.
 * What waits is bounded by the budget that let it in.
 */
export class Inbox<Mail> {
  readonly #timeSlicer: TimeSlicer;
  readonly #take: (mail: Mail) => void;
  #waiting: Mail[] = [];
  #isBusy = false;

  /** @param take never throws */
  constructor(timeSlicer: TimeSlicer, take: (mail: Mail) => void) {
    this.#timeSlicer = timeSlicer;
    this.#take = take;
  }

  put(mail: Mail): void {
    this.#waiting.push(mail);
    if (!this.#isBusy) void this.#work();
  }

  /** Takes what waits at once: no more will come. */
  finish(): void {
    for (const mail of this.#waiting.splice(0)) this.#take(mail);
  }

  /** Nobody wants what waits. */
  clear(): void {
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let mail = this.#waiting.shift(); mail !== undefined; mail = this.#waiting.shift()) {
      this.#take(mail);
      await this.#timeSlicer.pass();
    }
    this.#isBusy = false;
  }
}

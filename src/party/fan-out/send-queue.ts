import { comesBefore, makesWayFor, type Rank } from "../transport/rank.ts";

/** One utterance among those that one listener hears. */
export interface QueueEntry extends Rank {
  /** There is nothing left to send of it. */
  readonly isOver: boolean;
  /** Sends it; resolves when the listener was handed all of it, or ended. Never rejects. */
  send(): Promise<void>;
  /** Stops sending between two messages; resolves once it does. */
  pause(): Promise<void>;
  /** Goes on. */
  resume(): void;
  /** The listener is gone: `send` is not called any more, and has nothing to wait for. */
  abandon(): void;
}

/** What one connection hears: one utterance after the other, by priority and then in order of arrival. */
export class SendQueue {
  readonly #waiting: QueueEntry[] = [];
  /** The one that is being sent, before it those that make way for it. */
  readonly #sending: QueueEntry[] = [];
  /** Those that are not over, each from the pause it waits for on. */
  readonly #interruptions = new Set<Promise<void>>();
  #open = true;
  #isRunning = false;

  add(entry: QueueEntry): void {
    const current = this.#sending.at(-1);
    if (!this.#open) entry.abandon();
    else if (current && makesWayFor(current, entry)) this.#interrupt(entry);
    else {
      const before = this.#waiting.findIndex((other) => comesBefore(entry, other));
      this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, entry);
      if (!this.#isRunning) void this.#run();
    }
  }

  /** Lets those go that are over before their turn has come. */
  prune(): void {
    for (let at = this.#waiting.length - 1; at >= 0; at--) {
      if (this.#waiting[at]?.isOver) this.#waiting.splice(at, 1);
    }
  }

  /** The connection has ended. */
  close(): void {
    this.#open = false;
    for (const entry of [...this.#sending, ...this.#waiting.splice(0)]) entry.abandon();
  }

  /** One at a time: also in the ticks between two of them, when none is being sent. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let entry = this.#waiting.shift(); entry; entry = this.#waiting.shift()) {
      this.#sending.push(entry);
      await this.#send(entry);
      while (this.#interruptions.size > 0) await Promise.all(this.#interruptions);
    }
    this.#isRunning = false;
  }

  /** What is below waits until all above it is over, whichever of that ends first. */
  #interrupt(entry: QueueEntry): void {
    const silent = Promise.all(this.#sending.map((below) => below.pause()));
    this.#sending.push(entry);
    const interruption = silent
      .then(() => this.#send(entry))
      .then(() => {
        this.#interruptions.delete(interruption);
        this.#goOn();
      });
    this.#interruptions.add(interruption);
  }

  /** What was interrupted goes on, unless it makes way for another that has waited meanwhile. */
  #goOn(): void {
    const current = this.#sending.at(-1);
    const next = this.#waiting[0];
    if (!current) return;
    if (!next || !makesWayFor(current, next)) current.resume();
    else {
      this.#waiting.shift();
      this.#interrupt(next);
    }
  }

  async #send(entry: QueueEntry): Promise<void> {
    if (this.#open) await entry.send();
    this.#sending.splice(this.#sending.indexOf(entry), 1);
  }
}

import { comesBefore, makesWayFor } from "../transport/rank.ts";
import type { Subscription } from "./subscription.ts";

/** The utterances that one connection hears, one after the other: in the order of their turns. */
export class SendQueue {
  readonly #waiting: Subscription[] = [];
  /** The one that is being sent, before it those that make way for it. */
  readonly #sending: Subscription[] = [];
  /** Those that are not over, each from the pause it waits for on. */
  readonly #interruptions = new Set<Promise<void>>();
  #open = true;
  #isRunning = false;

  add(subscription: Subscription): void {
    const current = this.#sending.at(-1);
    if (!this.#open) subscription.abandon();
    else if (current && makesWayFor(current, subscription)) this.#interrupt(subscription);
    else {
      const before = this.#waiting.findIndex((other) => comesBefore(subscription, other));
      this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, subscription);
      if (!this.#isRunning) void this.#run();
    }
  }

  /** Whether its turn has not come. */
  isWaiting(subscription: Subscription): boolean {
    return this.#waiting.includes(subscription);
  }

  /** Turns were exchanged. */
  sort(): void {
    this.#waiting.sort((a, b) => (comesBefore(a, b) ? -1 : 1));
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
    for (const subscription of [...this.#sending, ...this.#waiting.splice(0)]) subscription.abandon();
  }

  /** One at a time: also in the ticks between two of them, when none is being sent. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let subscription = this.#waiting.shift(); subscription; subscription = this.#waiting.shift()) {
      this.#sending.push(subscription);
      await this.#send(subscription);
      while (this.#interruptions.size > 0) await Promise.all(this.#interruptions);
    }
    this.#isRunning = false;
  }

  /** Subscriptions below wait until all above them are over, in whichever order those end. */
  #interrupt(subscription: Subscription): void {
    const silent = Promise.all(this.#sending.map((below) => below.pause()));
    this.#sending.push(subscription);
    const interruption = silent
      .then(() => this.#send(subscription))
      .then(() => {
        this.#interruptions.delete(interruption);
        this.#goOn();
      });
    this.#interruptions.add(interruption);
  }

  /** The interrupted one goes on, unless it makes way for another that has been waiting. */
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

  async #send(subscription: Subscription): Promise<void> {
    if (this.#open) await subscription.send();
    this.#sending.splice(this.#sending.indexOf(subscription), 1);
  }
}

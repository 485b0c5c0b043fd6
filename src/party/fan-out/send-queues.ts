import type { Connection } from "../transport/connection.ts";
import { SendQueue } from "./send-queue.ts";
import type { Subscription } from "./subscription.ts";

/** Every connection's send queue. */
export class SendQueues {
  readonly #queues = new Map<Connection, SendQueue>();

  /** @param subscription undefined: it has nothing to hear */
  add(connection: Connection, subscription: Subscription | undefined): void {
    if (!subscription) return;
    // The text it was just sent may have overflowed its queue and closed it.
    if (!connection.isOpen) {
      subscription.abandon();
      return;
    }
    const queue = this.#queues.get(connection) ?? new SendQueue();
    this.#queues.set(connection, queue);
    queue.add(subscription);
  }

  /** Whether the subscription's turn has not come. */
  isWaiting(subscription: Subscription): boolean {
    return this.#queues.get(subscription.connection)?.isWaiting(subscription) ?? false;
  }

  /** Turns were exchanged. */
  sort(): void {
    for (const queue of this.#queues.values()) queue.sort();
  }

  /** Lets those go that are over before their turn has come, with these connections or all. */
  prune(connections: Iterable<Connection> = this.#queues.keys()): void {
    for (const connection of connections) this.#queues.get(connection)?.prune();
  }

  /** The connection has ended. */
  leave(connection: Connection): void {
    this.#queues.get(connection)?.close();
    this.#queues.delete(connection);
  }

  close(): void {
    for (const connection of [...this.#queues.keys()]) this.leave(connection);
  }
}

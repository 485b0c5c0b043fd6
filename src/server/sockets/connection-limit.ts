import type { Context, MiddlewareHandler } from "hono";
import type { WSEvents } from "hono/ws";
import { BardcastError } from "../../core/errors.ts";
import { type Observe, unobserved } from "../../core/observation.ts";
import type { Visit } from "../network/forwarded.ts";
import { householdOf } from "../network/networks.ts";

/** A party behind one router: two dozen people with a phone and a laptop each, all loading their pages at once. */
export const CONNECTIONS_PER_ADDRESS = 256;

/** Counts the requests under way and the open sockets of every address. */
export class ConnectionLimit {
  readonly #most: number;
  readonly #observe: Observe;
  readonly #counts = new Map<string, number>();

  /** @param most of one address at the same time */
  constructor(most: number = CONNECTIONS_PER_ADDRESS, observe: Observe = unobserved) {
    this.#observe = observe;
    this.#most = most;
  }

  /** Refuses an address that has too many: `busy`, until some of them have ended. */
  readonly refuse: MiddlewareHandler<{ Variables: { visit: Visit } }> = async (c, next) => {
    const { address } = c.get("visit");
    if (address === undefined) return next();
    const release = this.#take(address);
    try {
      await next();
    } finally {
      release();
    }
  };

  /** The same events, counted. Whom a trusted peer speaks for is not known where it does not say. */
  counted<T>(c: Context, events: WSEvents<T>): WSEvents<T> {
    const { address, isTrusted }: Visit = c.get("visit");
    if (address === undefined || isTrusted) return events;
    let release: (() => void) | undefined;
    return {
      ...events,
      onOpen: (event, ws) => {
        release = this.#add(address);
        events.onOpen?.(event, ws);
      },
      onClose: (event, ws) => {
        release?.();
        release = undefined;
        events.onClose?.(event, ws);
      },
    };
  }

  #take(address: string): () => void {
    if ((this.#counts.get(householdOf(address)) ?? 0) >= this.#most) {
      this.#observe({ type: "limit.reached", limit: "connections_per_address" });
      const message = `there are ${this.#most} connections from your address already; close some of them`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    return this.#add(address);
  }

  #add(address: string): () => void {
    const household = householdOf(address);
    this.#counts.set(household, (this.#counts.get(household) ?? 0) + 1);
    return () => {
      const left = (this.#counts.get(household) ?? 1) - 1;
      if (left > 0) this.#counts.set(household, left);
      else this.#counts.delete(household);
    };
  }
}

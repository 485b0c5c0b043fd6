import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import type { Claims } from "./tokens.ts";

/** How long a ticket is good: a socket is opened right after it was given out. */
export const TICKET_MS = 30_000;
/** Tickets that are kept, of one person and of all; the oldest makes room. */
const MAX_OWN = 32;
const MAX_TICKETS = 4_096;

interface Kept {
  claims: Claims;
  until: number;
}

/**
 * Tickets in the place of tokens, for where an address is seen by others: each is good once, and for half a minute.
 * What is kept of one is its digest, so that how long it takes to look one up tells nothing about it.
 */
export class Tickets {
  readonly #now: () => number;
  /** By digest, oldest first. */
  readonly #kept = new Map<string, Kept>();

  /** @param now a monotonic clock in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A new ticket for somebody who has shown a token. */
  async issue(claims: Claims): Promise<string> {
    const ticket = randomId();
    const digest = await digestOf(ticket);
    // In one go with what is put there: many may ask at the same time.
    this.#makeRoom(claims.player);
    this.#kept.set(digest, { claims, until: this.#now() + TICKET_MS });
    return ticket;
  }

  /**
   * Whom a ticket lets in, once. Whether they still have that right is to be looked at.
   * @throws BardcastError `unauthorized` where there is no such ticket, or not any more
   */
  async redeem(ticket: string): Promise<Claims> {
    const digest = await digestOf(ticket);
    const kept = this.#kept.get(digest);
    this.#kept.delete(digest);
    if (kept && this.#now() < kept.until) return kept.claims;
    throw new BardcastError("unauthorized", "this ticket is not valid, or was used: ask for a new one");
  }

  #makeRoom(player: string): void {
    for (const [digest, { until }] of this.#kept) {
      if (until > this.#now() && this.#kept.size < MAX_TICKETS) break;
      this.#kept.delete(digest);
    }
    const own = [...this.#kept].filter(([, { claims }]) => claims.player === player);
    const [oldest] = own.length >= MAX_OWN ? own : [];
    if (oldest) this.#kept.delete(oldest[0]);
  }
}

async function digestOf(ticket: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

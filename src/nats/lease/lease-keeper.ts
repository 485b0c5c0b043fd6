import { BardcastError, messageOf } from "../../core/errors.ts";
import { HeldClaim } from "./held-claim.ts";
import type { KeeperOptions, KeeperParts } from "./keeper-parts.ts";
import { partyKey, readPartyRecord, writePartyRecord } from "./lease-records.ts";
import type { LeaseStore } from "./lease-store.ts";
import type { Claim, ClaimResult, Holder, LeaseEvent, LeaseState, Leases } from "./leases.ts";
import { NodeSession } from "./node-session.ts";

/** Times that a claim is tried again because somebody else wrote the party's key meanwhile. */
const CLAIM_TRIES = 5;

/** Claims and gives up parties, under the session of this node. */
export class LeaseKeeper implements Leases {
  readonly #store: LeaseStore;
  readonly #session: NodeSession;
  readonly #claims = new Map<string, HeldClaim>();
  /** Claims under way: who asks meanwhile gets the same answer. */
  readonly #claiming = new Map<string, Promise<ClaimResult>>();
  readonly #listeners = new Set<(event: LeaseEvent) => void>();
  #closing: Promise<void> | undefined;

  private constructor(parts: KeeperParts, options: KeeperOptions) {
    this.#store = parts.store;
    this.#session = new NodeSession(parts, options, (event) => this.#tell(event));
  }

  /** Joins the others. @throws BardcastError `busy` where the store cannot be reached */
  static async open(parts: KeeperParts, options: KeeperOptions): Promise<LeaseKeeper> {
    const keeper = new LeaseKeeper(parts, options);
    try {
      await keeper.#session.open();
    } catch (error) {
      await keeper.close();
      throw unreachable(error);
    }
    return keeper;
  }

  get session(): string {
    return this.#session.name;
  }

  get state(): LeaseState {
    return this.#session.state;
  }

  get sessions(): readonly string[] {
    return this.#session.all;
  }

  get claims(): ReadonlyMap<string, Claim> {
    return this.#claims;
  }

  observe(listener: (event: LeaseEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async claim(party: string): Promise<ClaimResult> {
    const held = this.#claims.get(party);
    if (held) return { claim: held };
    const underWay = this.#claiming.get(party);
    if (underWay) return underWay;
    const claiming = this.#take(party);
    this.#claiming.set(party, claiming);
    try {
      return await claiming;
    } finally {
      this.#claiming.delete(party);
    }
  }

  async holderOf(party: string): Promise<Holder | undefined> {
    const stored = await this.#read(partyKey(party));
    const record = stored && readPartyRecord(stored.value);
    if (!record?.session || this.#session.isKnownDead(record.session)) return undefined;
    return record;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // What is under way may still be won, and is given up with the rest.
    await Promise.allSettled(this.#claiming.values());
    await Promise.all([...this.#claims.values()].map((claim) => claim.release()));
    await this.#session.close();
    this.#listeners.clear();
  }

  async #take(party: string): Promise<ClaimResult> {
    const key = partyKey(party);
    for (let tries = 0; tries < CLAIM_TRIES; tries++) {
      const session = this.#requireLive();
      const stored = await this.#read(key);
      const record = stored && readPartyRecord(stored.value);
      if (record?.session && !(await this.#isFree(record.session))) return { holder: record };
      // What was found out of others holds only while this node is heard itself.
      if (this.#requireLive() !== session) continue;
      const epoch = (record?.epoch ?? 0) + 1;
      // A try that timed out may be stored: the key is read again, and the next epoch taken.
      const revision = await this.#store
        .write(key, writePartyRecord({ session, epoch }), stored?.revision ?? 0)
        .catch(() => undefined);
      if (revision === undefined || session !== this.session) continue;
      return { claim: this.#hold({ party, epoch, revision }, session) };
    }
    throw new BardcastError("busy", "too many nodes ask for this party at once", { retryable: true });
  }

  #hold(won: { party: string; epoch: number; revision: number }, session: string): HeldClaim {
    const claim = new HeldClaim(won, async (given, { isOurs }) => {
      if (this.#claims.get(given.party) === given) this.#claims.delete(given.party);
      if (!isOurs || session !== this.session) return;
      const value = writePartyRecord({ session: "", epoch: given.epoch });
      await this.#store.write(partyKey(given.party), value, given.revision).catch(() => undefined);
    });
    this.#claims.set(won.party, claim);
    return claim;
  }

  /** Whether what a session held may be taken: it is dead now, or this node's own, which gave it up and was not heard. */
  async #isFree(session: string): Promise<boolean> {
    if (session === this.session) return true;
    try {
      return await this.#session.isGone(session);
    } catch (error) {
      throw unreachable(error);
    }
  }

  /** @returns the session under which this node may take parties */
  #requireLive(): string {
    if (this.#closing) throw new BardcastError("closed", "this node takes no party any more");
    if (this.state !== "live")
      throw new BardcastError("busy", "this node is not in touch with the others", { retryable: true });
    return this.session;
  }

  async #read(key: string): ReturnType<LeaseStore["read"]> {
    try {
      return await this.#store.read(key);
    } catch (error) {
      throw unreachable(error);
    }
  }

  #tell(event: LeaseEvent): void {
    if (event.type === "session") this.#loseAll();
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** The session that held them is dead. */
  #loseAll(): void {
    const lost = [...this.#claims.values()];
    this.#claims.clear();
    for (const claim of lost) claim.lose();
  }
}

function unreachable(cause: unknown): BardcastError {
  const message = `the other nodes cannot be reached: ${messageOf(cause)}`;
  return new BardcastError("busy", message, { cause, retryable: true });
}

interface Peer {
  /** Of its last beat. */
  revision: number;
  /** The revision at which it joined. */
  born: number;
  /** When this node last heard of it, by its own clock. */
  heardAt: number;
  /** Looks in a row that found no connection. */
  misses: number;
}

/** ms for which the dead are remembered, so that what they held is known to be free. */
const REMEMBER_DEAD_MS = 600_000;

/** The other nodes' sessions as this node sees them. All times are ms on its own clock. */
export class PeerSessions {
  readonly #silenceMs: number;
  readonly #alive = new Map<string, Peer>();
  /** When their death was heard of; the oldest first. */
  readonly #dead = new Map<string, number>();

  /** @param silenceMs without a beat, after which a session is silent */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  /** Those that are alive, the one that joined first at the head. @param own session of this node and its birth */
  oldestFirst(own?: { session: string; born: number }): string[] {
    const all = [...this.#alive].map(([session, { born }]) => ({ session, born }));
    if (own) all.push(own);
    return all.sort((a, b) => a.born - b.born).map(({ session }) => session);
  }

  /** The next ones behind a session in the ring of their names; those it looks after. */
  neighbours(session: string, count: number): string[] {
    const names = [...this.#alive.keys()].sort();
    const at = names.findIndex((name) => name > session);
    const behind = at < 0 ? names : [...names.slice(at), ...names.slice(0, at)];
    return behind.slice(0, count);
  }

  isDead(session: string): boolean {
    return this.#dead.has(session);
  }

  /** The revision of its last beat; undefined where nothing is known of it, or it is dead. */
  revisionOf(session: string): number | undefined {
    return this.#alive.get(session)?.revision;
  }

  /** Whether it has not been heard for so long that its node must be frozen. */
  isSilent(session: string, now: number): boolean {
    const peer = this.#alive.get(session);
    return peer !== undefined && now - peer.heardAt > this.#silenceMs;
  }

  /** It has beaten. Of a dead one nothing is heard any more. */
  heard(session: string, beat: { revision: number; born: number }, now: number): void {
    if (this.#dead.has(session)) return;
    const revision = Math.max(beat.revision, this.#alive.get(session)?.revision ?? 0);
    this.#alive.set(session, { revision, born: beat.born, heardAt: now, misses: 0 });
  }

  /** It is this node's own. */
  forget(session: string): void {
    this.#alive.delete(session);
  }

  /** A look found its connection. */
  answered(session: string): void {
    const peer = this.#alive.get(session);
    if (peer) peer.misses = 0;
  }

  /** A look found none. @returns how many did so in a row */
  missed(session: string): number {
    const peer = this.#alive.get(session);
    if (!peer) return 0;
    peer.misses += 1;
    return peer.misses;
  }

  /** It was declared dead. @returns whether that is news */
  died(session: string, now: number): boolean {
    if (this.#dead.has(session)) return false;
    this.#alive.delete(session);
    this.#dead.set(session, now);
    return true;
  }

  /** This node itself could not hear for a while: nobody is silent on that account. */
  restart(now: number): void {
    for (const peer of this.#alive.values()) {
      peer.heardAt = now;
      peer.misses = 0;
    }
  }

  /** Forgets those that have long been dead. @returns them */
  forgetDead(now: number): string[] {
    const old = [...this.#dead].filter(([, at]) => now - at > REMEMBER_DEAD_MS).map(([session]) => session);
    for (const session of old) this.#dead.delete(session);
    return old;
  }
}

/**
 * Which node holds which party. A node lives under a **session**, a key in the store that it beats; a party's key names the
 * session that holds it and an **epoch** that rises with each holder. Who falls silent is declared dead, for good, and only
 * then taken from: a node that wakes finds its session dead and goes on under a new one, without what it held.
 *
 * This makes takeovers quick. That two holders never both speak is seen to elsewhere: the store refuses what a former
 * holder writes into a party's log, and receivers drop what carries a lower epoch than they have seen.
 * @module
 */

/** A party that this node holds: it alone gives its lines their order, numbers and times. */
export interface Claim {
  readonly party: string;
  /** Higher than that of any holder before. Everything that is sent for the party carries it. */
  readonly epoch: number;
  /**
   * Aborts once the party is not this node's any more, its reason a `BardcastError` with `closed`. By then others may hold
   * it: nothing is to be said for it, and what was not stored is to be dropped.
   */
  readonly lost: AbortSignal;
  /** The store refused what this holder wrote, so somebody else holds the party: aborts `lost`. */
  fence(): void;
  /**
   * Gives the party up, for the first node that asks. To be called when everything that it says is stored. Aborts `lost`.
   * Never rejects: where the store cannot be reached, the party is taken as that of a dead node is.
   */
  release(): Promise<void>;
}

/** Who holds a party. */
export interface Holder {
  /** The name under which that node lives. */
  session: string;
  epoch: number;
}

/** What became of asking for a party: it is this node's, or somebody else's who is alive. */
export type ClaimResult = { claim: Claim; holder?: undefined } | { claim?: undefined; holder: Holder };

/**
 * `joining`: there is no session yet, or none any more. `doubtful`: the store has not acknowledged a beat for half the time
 * after which others take this node for dead; it holds what it holds, but takes nothing and accuses nobody.
 */
export type LeaseState = "joining" | "live" | "doubtful";

export type LeaseEvent =
  | { type: "state"; state: LeaseState }
  /** This node lives under another name: its last session was declared dead, and all claims of that are lost. */
  | { type: "session"; session: string }
  /** Another node is gone: what it held can be claimed, by whoever has listeners there. */
  | { type: "gone"; session: string };

export interface LeaseOptions {
  /** Name of this node, of letters, digits, `-` and `_`; a part of its sessions' names. Default a random one. */
  node?: string;
  /** ms between two beats; default 500. */
  beatMs?: number;
  /** ms without a beat after which a session is taken for dead; default 2,000, at least four beats. */
  silenceMs?: number;
  /** ms between two looks whether the neighbours' connections are there; default 200. Half of that after a miss it is looked again: two are a death. */
  probeMs?: number;
  /** Copies of each key, where NATS servers form a cluster: 1 (the default), 3 or 5. */
  replicas?: number;
  /** Where warnings go, one sentence each; default nowhere. */
  log?: (message: string) => void;
}

/** This node's part in who holds what. */
export interface Leases {
  /** The name under which this node lives now. */
  readonly session: string;
  readonly state: LeaseState;
  /** All sessions that are alive, as far as this node knows, the one that joined first at the head. */
  readonly sessions: readonly string[];
  /** Parties that this node holds. */
  readonly claims: ReadonlyMap<string, Claim>;
  /**
   * Takes a party that nobody holds, or whose holder is gone; answers with the holder where that one is alive, and with the
   * claim there is where the party is held already. A holder whose connection is gone is found out in about 0.1 s.
   * @throws BardcastError `busy` while this node is doubtful or joining, or the store cannot be reached; `closed`
   */
  claim(party: string): Promise<ClaimResult>;
  /**
   * Who holds a party, by its key; undefined where nobody does, or only a session that is known to be dead.
   * @throws BardcastError `busy` where the store cannot be reached
   */
  holderOf(party: string): Promise<Holder | undefined>;
  /** Tells what happens. @returns what ends that */
  observe(listener: (event: LeaseEvent) => void): () => void;
  /** Gives up all parties and ends the session, so that nobody waits for it to fall silent. Safe to call twice. */
  close(): Promise<void>;
}

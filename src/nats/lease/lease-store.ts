/** A key as it stands. */
export interface StoredKey {
  value: string;
  /** Rises with each write to any key. */
  revision: number;
}

/** Where sessions and claims are kept, one writer at a time for each key. Every call may reject; then it may have been done. */
export interface LeaseStore {
  read(key: string): Promise<StoredKey | undefined>;
  /**
   * Writes a key that still stands at that revision; 0: that is not there.
   * @returns its new revision; undefined where it stands at another one
   */
  write(key: string, value: string, revision: number): Promise<number | undefined>;
  /** Takes a key away without telling those who watch. */
  remove(key: string): Promise<void>;
  /**
   * Tells how all keys of that beginning stand, and then each change; what is missed while there is no connection is told
   * afterwards, of each key at least its last value. @returns what ends it
   */
  watch(prefix: string, listener: (key: string, stored: StoredKey) => void): () => void;
}

/** Whether sessions have a connection. */
export interface Liveness {
  /** Calls when this node's own connection is lost, and when it is there again. @returns what ends that */
  onBreak(listener: () => void): () => void;
  /** Answers for a session. @returns what ends that */
  answerFor(session: string): () => void;
  /** False where the session has no connection; true where it has one, or nothing is known. Never rejects. */
  isThere(session: string): Promise<boolean>;
}

/** The time of this node alone: nothing here compares clocks of different machines. */
export interface LeaseClock {
  /** ms, monotonic. */
  now(): number;
  wait(ms: number): Promise<void>;
  /** @returns what ends it */
  every(ms: number, work: () => void): () => void;
}

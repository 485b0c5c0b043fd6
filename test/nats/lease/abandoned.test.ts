import { expect, test } from "bun:test";
import { LeaseKeeper } from "../../../src/nats/lease/lease-keeper.ts";
import { DEAD, sessionKey } from "../../../src/nats/lease/lease-records.ts";
import type { LeaseStore, StoredKey } from "../../../src/nats/lease/lease-store.ts";
import { until } from "../../support/table.ts";

/** A store in this process, which may do what it is asked and not say so. */
class DeafStore implements LeaseStore {
  readonly keys = new Map<string, StoredKey>();
  /** Writes of new keys that are stored and not acknowledged. */
  unacknowledged = 0;
  readonly #watchers = new Set<(key: string, stored: StoredKey) => void>();
  #revision = 0;

  async read(key: string): Promise<StoredKey | undefined> {
    return this.keys.get(key);
  }

  async write(key: string, value: string, revision: number): Promise<number | undefined> {
    if ((this.keys.get(key)?.revision ?? 0) !== revision) return undefined;
    const stored = { value, revision: ++this.#revision };
    this.keys.set(key, stored);
    for (const tell of this.#watchers) tell(key, stored);
    if (revision > 0 || this.unacknowledged === 0) return stored.revision;
    this.unacknowledged -= 1;
    throw new Error("timeout");
  }

  async remove(key: string): Promise<void> {
    this.keys.delete(key);
  }

  watch(_prefix: string, listener: (key: string, stored: StoredKey) => void): () => void {
    this.#watchers.add(listener);
    for (const [key, stored] of this.keys) listener(key, stored);
    return () => this.#watchers.delete(listener);
  }
}

test("a session whose join was stored, but not acknowledged, is buried by whoever is there", async () => {
  const store = new DeafStore();
  const answering = new Set<string>();
  let lives = 0;
  const keeper = await LeaseKeeper.open(
    {
      store,
      liveness: {
        onBreak: () => () => undefined,
        answerFor(session) {
          answering.add(session);
          return () => answering.delete(session);
        },
        isThere: async (session) => answering.has(session),
      },
      clock: {
        now: () => performance.now(),
        wait: (ms) => Bun.sleep(ms),
        every(ms, work) {
          const timer = setInterval(work, ms);
          return () => clearInterval(timer);
        },
      },
      life: () => `life${lives++}`,
    },
    { node: "n", beatMs: 10, silenceMs: 200, probeMs: 5, log: () => undefined },
  );
  const first = sessionKey(keeper.session);
  store.unacknowledged = 1;
  // Somebody took it for dead, so that it joins anew: once unheard, and then again.
  await until(() => (store.keys.get(first)?.revision ?? 0) > 1);
  await store.write(first, DEAD, store.keys.get(first)?.revision ?? 0);
  await until(() => keeper.state === "live" && keeper.session === "n-life2");
  await until(() => store.keys.get(sessionKey("n-life1"))?.value === DEAD);
  expect(keeper.sessions).toEqual(["n-life2"]);
  await keeper.close();
}, 5_000);

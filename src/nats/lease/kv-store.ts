import { JetStreamApiError, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { BusConnection } from "../connection.ts";
import type { LeaseStore, StoredKey } from "./lease-store.ts";

const BUCKET = "BC1_LEASE";
/** The server's words for a key that stands at another revision: of one server, and of one that just changed its leader. */
const WRONG_REVISION: readonly number[] = [10071, 10164];
/** ms until a watch that did not begin, or ended, is begun again. */
const AGAIN_MS = 250;

/** @param options.waitMs for an answer of the store; then it is not known what became of it */
export async function openKvStore(
  connection: BusConnection,
  { waitMs, replicas }: { waitMs: number; replicas: number },
): Promise<LeaseStore> {
  const timeout = { timeout: waitMs };
  const store = jetstream(connection.client, timeout);
  // Read from the leader: a follower may not know of a session yet that has just joined, and would call it dead.
  const settings = { history: 1, replicas, allow_direct: false };
  const keys = await connection.during(new Kvm(store).create(BUCKET, settings));
  const manager = await connection.during(jetstreamManager(connection.client, timeout));
  return {
    async read(key) {
      const entry = await connection.during(keys.get(key));
      if (entry?.operation !== "PUT") return undefined;
      return { value: entry.string(), revision: entry.revision };
    },
    async write(key, value, revision) {
      try {
        return await connection.during(keys.put(key, value, { previousSeq: revision, ...timeout }));
      } catch (error) {
        if (isWrongRevision(error)) return undefined;
        throw error;
      }
    },
    async remove(key) {
      await manager.streams.purge(`KV_${BUCKET}`, { filter: `$KV.${BUCKET}.${key}` });
    },
    watch: (prefix, listener) => watchKeys(keys, `${prefix}>`, listener),
  };
}

/** Follows keys until the returned function is called; after a lost connection the client goes on by itself. */
function watchKeys(keys: KV, filter: string, listener: (key: string, stored: StoredKey) => void): () => void {
  let isOver = false;
  let stop = (): void => undefined;
  const follow = async (): Promise<void> => {
    const changes = await keys.watch({ key: filter });
    stop = () => changes.stop();
    if (isOver) stop();
    for await (const { key, operation, revision, value } of changes)
      if (operation === "PUT") listener(key, { value: new TextDecoder().decode(value), revision });
  };
  const goOn = async (): Promise<void> => {
    while (!isOver) {
      await follow().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  void goOn();
  return () => {
    isOver = true;
    stop();
  };
}

/** The connection gives every error a code of its own; the server's is what it comes from. */
function isWrongRevision(error: unknown): boolean {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return cause instanceof JetStreamApiError && WRONG_REVISION.includes(cause.code);
}

import { type KV, Kvm } from "@nats-io/kv";
import { BardcastError, messageOf } from "../../core/errors.ts";
import type { SharedText } from "../../party/cluster/cluster.ts";
import type { BusConnection } from "../connection.ts";
import { nameOf } from "../subjects.ts";

const BUCKET = "BC1_PARTY";
/** ms between two tries to watch: the first may be refused while servers change. */
const RETRY_MS = 500;
const WRONG_LAST = /wrong last sequence/i;

/** What parties remember, in one bucket. */
export async function openMemory(bus: BusConnection, replicas: number): Promise<KV> {
  return bus.during(new Kvm(bus.client).create(BUCKET, { history: 1, replicas }));
}

/** A word that is the same for all nodes of a party: made once, by whichever needs it first. */
export async function commonWord(
  bus: BusConnection,
  kv: KV,
  { party, name, make }: { party: string; name: string; make: () => string },
): Promise<string> {
  const key = `${nameOf(party)}.${name}`;
  const known = await bus.during(kv.get(key));
  if (known) return known.string();
  const made = make();
  try {
    await bus.during(kv.create(key, made));
    return made;
  } catch (error) {
    const other = await bus.during(kv.get(key));
    if (other) return other.string();
    throw error;
  }
}

/** The text of one party. Whoever writes it must have seen what is replaced. */
export class SharedMemory implements SharedText {
  readonly name: string;
  readonly #bus: BusConnection;
  readonly #kv: KV;
  readonly #key: string;
  readonly #listeners = new Set<(text: string) => void>();
  #revision = 0;
  #isClosed = false;
  #stop: (() => void) | undefined;

  constructor(bus: BusConnection, kv: KV, party: string) {
    this.#bus = bus;
    this.#kv = kv;
    this.#key = `${nameOf(party)}.state`;
    this.name = `the party "${party}" in NATS`;
    void this.#follow();
  }

  async read(): Promise<string | undefined> {
    const entry = await this.#bus.during(this.#kv.get(this.#key));
    if (!entry) return undefined;
    this.#revision = Math.max(this.#revision, entry.revision);
    return entry.string();
  }

  /** @throws BardcastError `busy` where another node has written meanwhile: its text was told to who watches by then */
  async write(text: string): Promise<void> {
    try {
      const before = this.#revision;
      const writing =
        before === 0 ? this.#kv.create(this.#key, text) : this.#kv.update(this.#key, text, before);
      const revision = await this.#bus.during(writing);
      this.#revision = Math.max(this.#revision, revision);
    } catch (error) {
      if (!WRONG_LAST.test(messageOf(error))) throw error;
      await this.#look();
      throw new BardcastError("busy", "another node has written meanwhile", {
        retryable: true,
        cause: error,
      });
    }
  }

  watch(listener: (text: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#stop?.();
  }

  async #look(): Promise<void> {
    const before = this.#revision;
    const text = await this.read();
    if (text !== undefined && this.#revision > before) this.#tell(text);
  }

  #tell(text: string): void {
    for (const listener of [...this.#listeners]) listener(text);
  }

  async #follow(): Promise<void> {
    while (!this.#isClosed) {
      try {
        const watching = await this.#kv.watch({ key: this.#key });
        this.#stop = () => watching.stop();
        for await (const entry of watching) {
          if (entry.operation !== "PUT" || entry.revision <= this.#revision) continue;
          this.#revision = entry.revision;
          this.#tell(entry.string());
        }
      } catch {
        // It is tried again as long as the party is served here.
      }
      if (!this.#isClosed) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/**
 * Many parties in one process. They share workers, engines and the cache; each has players, links, voices, settings and a
 * folder of its own. One that nobody uses is put to sleep, of which its folder is left, and woken when somebody comes.
 * @module
 */
import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { Observers } from "../../core/observation.ts";
import { createParty } from "../create-party.ts";
import type { Party } from "../party.ts";
import type { PartyOptions } from "../party-options.ts";
import { partyLog } from "../telemetry/party-log.ts";
import { PartyRecords, requirePartyId } from "./party-records.ts";
import { SharedSpeech } from "./shared-speech.ts";

export const DEFAULT_SLEEP_AFTER_MS = 600_000;
export const DEFAULT_MAX_AWAKE = 1_000;
export const DEFAULT_MAX_PARTIES = 100_000;
/** Looked that often, and no more, whether somebody may sleep. */
const LOOK_MS = 30_000;

export interface PartiesOptions
  extends Omit<
    PartyOptions,
    "id" | "campaignDir" | "players" | "settings" | "speech" | "dmToken" | "router"
  > {
  /** Folder of the parties' folders, and of what the cache keeps; without it nothing is kept, and no party sleeps. */
  dir?: string | undefined;
  /** ms for which nobody uses a party until it is put to sleep; default 600,000. */
  sleepAfterMs?: number | undefined;
  /** Parties that are awake at once; where all of them are in use, one more is `busy`. Default 1,000. */
  maxAwake?: number | undefined;
  /** Parties that there may be; default 100,000. */
  maxParties?: number | undefined;
  /** Ids that are somebody else's: tokens name the party by its id. */
  reserved?: readonly string[] | undefined;
}

/** A party that is kept awake until it is released. */
export interface HeldParty {
  party: Party;
  release: () => void;
}

/** What a new party begins with. */
export interface NewParty {
  /** 1-64 small letters, digits, `-` and `_`; by default a random one. */
  id?: string | undefined;
  players?: readonly string[] | undefined;
}

interface AwakeParty {
  party: Promise<Party>;
  /** Undefined while it wakes. */
  ready?: Party;
  /** How many keep it awake. */
  uses: number;
  /** When it was last seen in use, on the monotonic clock in ms. */
  usedAt: number;
}

/** The parties of one process. */
export class Parties {
  /** Told what happens at all of them, and in the workers. */
  readonly observers: Observers;
  readonly speech: SharedSpeech;
  readonly #options: PartiesOptions;
  readonly #records: PartyRecords;
  readonly #awake = new Map<string, AwakeParty>();
  /** Parties on their way to sleep, or to their end. */
  readonly #ending = new Map<string, Promise<void>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosing = false;
  #woken = 0;

  private constructor(
    options: PartiesOptions,
    parts: { records: PartyRecords; speech: SharedSpeech; observers: Observers },
  ) {
    this.#options = options;
    this.#records = parts.records;
    this.speech = parts.speech;
    this.observers = parts.observers;
  }

  /**
   * Starts what they share, and looks which there are; none of them is woken.
   * @throws BardcastError as `createParty`; `internal` where the folder cannot be read
   */
  static async open(options: PartiesOptions = {}): Promise<Parties> {
    const { dir, sleepAfterMs = DEFAULT_SLEEP_AFTER_MS, maxAwake = DEFAULT_MAX_AWAKE } = options;
    if (!(sleepAfterMs >= 0 && maxAwake >= 1))
      throw new RangeError("a party sleeps after 0 ms or more, one is awake");
    const records = await PartyRecords.open(dir);
    const observers = new Observers();
    const { engines, pool, cache } = options;
    const speech = await SharedSpeech.start({
      ...(engines ? { engines } : {}),
      ...(pool ? { pool } : {}),
      ...(cache === undefined ? {} : { cache }),
      campaignDir: dir,
      log: partyLog(options.log),
      observe: observers.observe,
    });
    return new Parties(options, { records, speech, observers });
  }

  /** Parties that there are, awake or not. */
  get size(): number {
    return this.#records.size;
  }

  /** Those that are awake. */
  get awake(): Party[] {
    return [...this.#awake.values()].flatMap(({ ready }) => (ready ? [ready] : []));
  }

  /** Times that one was woken. */
  get woken(): number {
    return this.#woken;
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  /** A page of their ids, in order. @param page.after those behind this one */
  list(page: { after?: string | undefined; limit: number }): { id: string; isAwake: boolean }[] {
    return this.#records.list(page).map((id) => ({ id, isAwake: this.#awake.has(id) }));
  }

  /**
   * A new party, held.
   * @throws BardcastError `exists`, `bad-request`, `busy` where there are too many, `internal` where it cannot be kept
   */
  async create({ id = randomId(), ...first }: NewParty = {}): Promise<HeldParty> {
    requirePartyId(id);
    // What is left of one of that name goes first.
    await this.#ending.get(id);
    const isTaken = this.#records.has(id) || this.#awake.has(id) || this.#options.reserved?.includes(id);
    if (isTaken) throw new BardcastError("exists", `there is a party "${id}" already`);
    const { maxParties = DEFAULT_MAX_PARTIES } = this.#options;
    if (this.#records.size >= maxParties)
      throw new BardcastError("busy", `there are ${maxParties} parties already`);
    const held = await this.#hold(id, () => this.#wake(id, first));
    if (held.party.store.status?.writable === false) {
      held.release();
      await this.#end(id, 0);
      throw new BardcastError("internal", "the new party cannot be kept: its folder takes nothing");
    }
    this.#records.add(id);
    return held;
  }

  /**
   * A party, woken where it sleeps, which stays awake until it is released.
   * @throws BardcastError `not-found`, `busy` where all that may be awake are in use, `closed`
   */
  async hold(id: string): Promise<HeldParty> {
    for (let ending = this.#ending.get(id); ending; ending = this.#ending.get(id)) await ending;
    if (!this.#records.has(id)) throw new BardcastError("not-found", "there is no such party");
    return this.#hold(id, () => this.#wake(id, {}));
  }

  /** Ends a party, and deletes all that was kept of it. @throws BardcastError `not-found` */
  async remove(id: string): Promise<void> {
    if (!this.#records.has(id)) throw new BardcastError("not-found", "there is no such party");
    this.#records.forget(id);
    await this.#ending.get(id);
    const erased = this.#end(id, 0).then(() => this.#records.erase(id));
    this.#ending.set(id, erased);
    try {
      await erased;
    } finally {
      this.#ending.delete(id);
    }
  }

  /** Ends them all; what they share goes on. @param options `graceMs`: as of `Party.close` */
  async endAll({ graceMs = 0 }: { graceMs?: number } = {}): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    for (const id of [...this.#awake.keys()]) void this.#end(id, graceMs);
    await Promise.allSettled(this.#ending.values());
  }

  /** Ends them all, and what they share. Safe to call twice. */
  async close(): Promise<void> {
    await this.endAll();
    await this.speech.close();
  }

  async #hold(id: string, wake: () => AwakeParty): Promise<HeldParty> {
    if (this.#isClosing) throw new BardcastError("closed", "the server is about to end");
    const entry = this.#awake.get(id) ?? wake();
    entry.uses += 1;
    const release = (): void => {
      entry.uses -= 1;
      entry.usedAt = performance.now();
    };
    try {
      return { party: await entry.party, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #wake(id: string, first: Pick<NewParty, "players">): AwakeParty {
    this.#makeRoom();
    const entry: AwakeParty = { party: this.#open(id, first), uses: 0, usedAt: performance.now() };
    this.#awake.set(id, entry);
    this.#woken += 1;
    this.#watch();
    entry.party.then(
      (party) => {
        entry.ready = party;
      },
      () => {
        if (this.#awake.get(id) === entry) this.#awake.delete(id);
      },
    );
    return entry;
  }

  async #open(id: string, { players }: Pick<NewParty, "players">): Promise<Party> {
    const {
      dir: _dir,
      sleepAfterMs: _sleep,
      maxAwake: _awake,
      maxParties: _most,
      reserved: _reserved,
      ...shared
    } = this.#options;
    const folder = this.#records.folderOf(id);
    const party = await createParty({
      ...shared,
      id,
      speech: this.speech,
      ...(folder === undefined ? {} : { campaignDir: folder }),
      ...(players ? { players } : {}),
    });
    party.observers.add((observation) => {
      if (observation.type !== "party.closed") this.observers.observe(observation);
    });
    return party;
  }

  /** @throws BardcastError `busy` */
  #makeRoom(): void {
    const { maxAwake = DEFAULT_MAX_AWAKE } = this.#options;
    if (this.#awake.size < maxAwake) return;
    const idle = [...this.#awake].filter(([, entry]) => this.#maySleep(entry));
    const [longest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (longest) void this.#end(longest[0], 0);
    else throw new BardcastError("busy", `${maxAwake} parties are in use already`, { retryable: true });
  }

  #watch(): void {
    const { sleepAfterMs = DEFAULT_SLEEP_AFTER_MS } = this.#options;
    if (this.#timer !== undefined || !this.#records.areKept) return;
    this.#timer = setInterval(
      () => this.#look(sleepAfterMs),
      Math.max(10, Math.min(LOOK_MS, sleepAfterMs / 2)),
    );
  }

  /** Puts those to sleep that nobody used for so long; where none is awake, nobody looks any more. */
  #look(sleepAfterMs: number): void {
    const now = performance.now();
    for (const [id, entry] of [...this.#awake]) {
      if (!this.#maySleep(entry)) entry.usedAt = now;
      else if (now - entry.usedAt >= sleepAfterMs) void this.#end(id, 0);
    }
    if (this.#awake.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether nothing is lost by it: nobody listens or asks, nothing is said, and all of it is kept. */
  #maySleep({ ready, uses }: AwakeParty): boolean {
    if (!ready || uses > 0 || !this.#records.areKept) return false;
    const isKept = ready.store.status?.writable ?? false;
    return (
      isKept && ready.open === 0 && ready.connections.connectionCount() === 0 && ready.lobby.count() === 0
    );
  }

  /** Ends one that is awake; resolves when its folder is free. Never rejects. */
  #end(id: string, graceMs: number): Promise<void> {
    const entry = this.#awake.get(id);
    if (!entry) return Promise.resolve();
    this.#awake.delete(id);
    const ended = entry.party
      .then((party) => party.close({ graceMs }))
      .catch(() => undefined)
      .finally(() => {
        if (this.#ending.get(id) === ended) this.#ending.delete(id);
      });
    this.#ending.set(id, ended);
    return ended;
  }
}

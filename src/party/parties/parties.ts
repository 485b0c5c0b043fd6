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
import type { PartyOptions, PartySpeech } from "../party-options.ts";
import { partyLog } from "../telemetry/party-log.ts";
import { AwakeParties, type HeldParty } from "./awake-parties.ts";
import { PartyRecords, requirePartyId } from "./party-records.ts";
import { SharedSpeech } from "./shared-speech.ts";

export const DEFAULT_SLEEP_AFTER_MS = 600_000;
export const DEFAULT_MAX_AWAKE = 1_000;
export const DEFAULT_MAX_PARTIES = 100_000;

export interface PartiesOptions
  extends Omit<
    PartyOptions,
    "id" | "campaignDir" | "players" | "settings" | "speech" | "dmToken" | "apiKey" | "router"
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

/** What a new party begins with. */
export interface NewParty {
  /** 1-64 small letters, digits, `-` and `_`; by default a random one. */
  id?: string | undefined;
  players?: readonly string[] | undefined;
}

/** The parties of one process. */
export class Parties {
  /** Told what happens at all of them, and in the workers. */
  readonly observers: Observers;
  readonly #options: PartiesOptions;
  readonly #records: PartyRecords;
  readonly #speech: SharedSpeech;
  readonly #awake: AwakeParties;

  private constructor(
    options: PartiesOptions,
    parts: { records: PartyRecords; speech: SharedSpeech; observers: Observers; awake: AwakeParties },
  ) {
    this.#options = options;
    this.#records = parts.records;
    this.#speech = parts.speech;
    this.observers = parts.observers;
    this.#awake = parts.awake;
  }

  /**
   * Starts what they share, and looks which there are; none of them is woken.
   * @throws BardcastError as `createParty`, `bad-request` for an engine that is an object, `internal` where the folder
   *   cannot be read; RangeError for a limit that is none
   */
  static async open(options: PartiesOptions = {}): Promise<Parties> {
    const { dir, sleepAfterMs = DEFAULT_SLEEP_AFTER_MS, maxAwake = DEFAULT_MAX_AWAKE } = options;
    if (!(sleepAfterMs >= 0 && maxAwake >= 1))
      throw new RangeError("sleepAfterMs is 0 or more, maxAwake 1 or more");
    const records = await PartyRecords.open(dir);
    const observers = new Observers();
    const awake = new AwakeParties({ sleepAfterMs, most: maxAwake, maySleep: records.areKept });
    const { engines, pool, cache } = options;
    const speech = await SharedSpeech.start({
      ...(engines ? { engines } : {}),
      ...(pool ? { pool } : {}),
      ...(cache === undefined ? {} : { cache }),
      campaignDir: dir,
      log: partyLog(options.log),
      observe: observers.observe,
    });
    return new Parties(options, { records, speech, observers, awake });
  }

  /** What they share, for a party beside them. */
  get speech(): PartySpeech {
    return this.#speech;
  }

  /** Parties that there are, awake or not. */
  get size(): number {
    return this.#records.size;
  }

  /** Those that are awake. */
  get awake(): Party[] {
    return this.#awake.all;
  }

  /** Times that one was woken. */
  get woken(): number {
    return this.#awake.woken;
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  isAwake(id: string): boolean {
    return this.#awake.has(id);
  }

  /** A page of their ids, in order. @param page.after those behind this one */
  list(page: { after?: string | undefined; limit: number }): string[] {
    return this.#records.list(page);
  }

  /**
   * A new party, held.
   * @throws BardcastError `exists`, `bad-request`, `busy` where there are too many, `internal` where it cannot be kept
   */
  async create({ id = randomId(), players = [] }: NewParty = {}): Promise<HeldParty> {
    requirePartyId(id);
    // What is left of one of that name goes first.
    await this.#awake.ended(id);
    const isTaken = this.#records.has(id) || this.#awake.has(id) || this.#options.reserved?.includes(id);
    if (isTaken) throw new BardcastError("exists", `there is a party "${id}" already`);
    const { maxParties = DEFAULT_MAX_PARTIES } = this.#options;
    if (this.#records.size >= maxParties)
      throw new BardcastError("busy", `there are ${maxParties} parties already`);
    const held = await this.#awake.hold(id, () => this.#open(id, players));
    if (held.party.store.status?.writable === false) {
      await this.#awake.end(id);
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
    await this.#awake.ended(id);
    this.#requireThere(id);
    return this.#awake.hold(id, () => this.#open(id, []));
  }

  /** Ends a party, and deletes all that was kept of it. @throws BardcastError `not-found` */
  async remove(id: string): Promise<void> {
    this.#requireThere(id);
    this.#records.forget(id);
    await this.#awake.end(id, 0, () => this.#records.erase(id));
  }

  /** Ends them all; what they share goes on. @param options `graceMs`: as of `Party.close` */
  endAll({ graceMs = 0 }: { graceMs?: number } = {}): Promise<void> {
    return this.#awake.endAll(graceMs);
  }

  /** Ends them all, and what they share. Safe to call twice. */
  async close(): Promise<void> {
    await this.endAll();
    await this.#speech.close();
  }

  #requireThere(id: string): void {
    if (!this.has(id)) throw new BardcastError("not-found", "there is no such party");
  }

  async #open(id: string, players: readonly string[]): Promise<Party> {
    const {
      dir: _dir,
      sleepAfterMs: _ms,
      maxAwake: _awake,
      maxParties: _most,
      reserved: _ids,
      ...shared
    } = this.#options;
    const folder = this.#records.folderOf(id);
    const party = await createParty({
      ...shared,
      id,
      players,
      speech: this.#speech,
      ...(folder === undefined ? {} : { campaignDir: folder }),
    });
    party.observers.add((observation) => {
      if (observation.type !== "party.closed") this.observers.observe(observation);
    });
    return party;
  }
}

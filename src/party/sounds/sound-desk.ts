import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import {
  BED_LUFS,
  BUILT_IN_BEDS,
  BUILT_IN_HITS,
  FIRST_DUCK_DB,
  gainOfVolume,
  HIT_LUFS,
  type HitRequest,
  levellingGain,
  MAX_BEDS,
  type PlayBedRequest,
  type SoundInfo,
  type SoundMeasure,
  type SoundMessage,
  type SoundsStatus,
  type SoundVolumes,
  type StopBedsRequest,
} from "../../core/protocol/sounds.ts";
import { writeV2 } from "../../core/protocol/v2.ts";
import type { Connection } from "../transport/connection.ts";
import type { Role } from "../transport/role.ts";
import type { KeptSounds } from "./kept-sounds.ts";
import { factorOf, GLIDE_MS, PlaceLevels } from "./levels.ts";
import { PlayedBeds } from "./played-beds.ts";
import { isOfThisTime, type PassedHit, type SharedPlace } from "./shared-place.ts";
import { MAX_SOUNDS, type SoundLibrary } from "./sound-library.ts";
import { isSameName } from "./sound-name.ts";

/** From a change being told to its being heard: time enough for every device to know of it. */
const LEAD_MS = 300;
const FADE_MS = 2_000;

export interface SoundDeskOptions {
  library: SoundLibrary;
  connections: {
    all(): readonly Connection[];
    onChange(listener: (connection: Connection, change: "opened" | "ended") => void): unknown;
  };
  /** Whether a listener's devices sound with what is for everyone, or for some alone. */
  hears: (listener: { player: string; role: Role }, isPrivate: boolean) => boolean;
  /** The server's clock, ms. */
  now: () => number;
  kept: KeptSounds | undefined;
  onChange: (kept: KeptSounds) => void;
  /** Where several processes serve the table: has the others send a hit; resolves with to how many connections they did. */
  pass?: ((hit: PassedHit) => Promise<number>) | undefined;
}

/** How the place sounds: which beds play since when and how loud, and for whom. It makes no sound, and decodes none. */
export class SoundDesk {
  readonly library: SoundLibrary;
  readonly #options: SoundDeskOptions;
  readonly #beds: PlayedBeds;
  readonly #measures: Map<string, SoundMeasure>;
  readonly #levels: PlaceLevels;
  #duckDb: number;
  /** The last change that other processes know of. */
  #sharedAs = "";
  /** Since when it is as it is. */
  #at = 0;

  constructor(options: SoundDeskOptions) {
    const { kept, now, connections, library } = options;
    this.#options = options;
    this.library = library;
    this.#measures = new Map(kept?.measures.map(([id, lufs, peak]) => [id, { lufs, peak }]));
    this.#beds = new PlayedBeds(now, kept?.beds ?? [], (sound, volume) => this.#gainOf(sound, volume));
    this.#levels = new PlaceLevels({ master: kept?.master ?? 1, players: new Map(kept?.players) });
    this.#duckDb = kept?.duckDb ?? FIRST_DUCK_DB;
    // Other processes play it already.
    if (kept?.shared && options.pass && isOfThisTime(kept.shared, kept.beds, now())) this.adopt(kept);
    connections.onChange((connection, change) => {
      // Who comes back may still play what has ended meanwhile.
      if (change === "opened" && (kept || this.#at > 0)) this.#tell([connection]);
    });
  }

  async status(): Promise<SoundsStatus> {
    const { sounds, refused } = await this.library.list();
    const measured = sounds.map((sound): SoundInfo => {
      const measure = this.#measures.get(sound.id);
      return { ...sound, ...(measure ? { measure } : {}) };
    });
    return {
      sounds: [...builtIns(), ...measured],
      refused,
      beds: this.#beds.all,
      master: this.#levels.chosen.master,
      players: Object.fromEntries(this.#levels.chosen.players),
      duckDb: this.#duckDb,
    };
  }

  /** A bed comes, or plays on with another volume. @throws BardcastError `not-found`, `busy` where too many play */
  async play({ sound, volume = 1, fadeMs = FADE_MS, instead = false }: PlayBedRequest): Promise<void> {
    const { id, name } = await this.#find(sound, "bed");
    const others = this.#beds.beside(id);
    if (!instead && others.length >= MAX_BEDS) {
      const message = `${MAX_BEDS} beds play already: fade one out first, or play this one instead`;
      throw new BardcastError("busy", message);
    }
    const at = this.#change();
    if (instead) for (const other of others) this.#beds.setGain(other, 0, at, fadeMs);
    const ms = this.#beds.volumeOf(id) === undefined ? fadeMs : Math.min(fadeMs, GLIDE_MS);
    this.#beds.play(id, { name, volume, at, ms, gain: this.#gainOf(id, volume) });
    this.#changed();
  }

  /** Beds fade out. @throws BardcastError `not-found` where the one that is named does not play */
  stop({ sound, fadeMs = FADE_MS }: StopBedsRequest): void {
    const isMeant = (bed: { sound: string; name: string }): boolean =>
      sound === undefined || bed.sound === sound || isSameName(bed.name, sound);
    const meant = this.#beds.all.filter(isMeant);
    if (sound !== undefined && meant.length === 0)
      throw new BardcastError("not-found", `"${sound}" does not play`);
    const at = this.#change();
    for (const bed of meant) this.#beds.setGain(bed.sound, 0, at, fadeMs);
    this.#changed();
  }

  /** A short sound, once. @returns to how many connections it was sent @throws BardcastError `not-found` */
  async hit({ sound, to, volume = 1, inStep = true }: HitRequest): Promise<number> {
    const { id } = await this.#find(sound, "hit");
    const startAt = inStep ? { startAt: this.#options.now() + LEAD_MS } : {};
    const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
    const gain = gainOfVolume(volume) * levellingGain(this.#measures.get(id), HIT_LUFS);
    const hit: PassedHit = { sound: id, to, gain, seed, ...startAt };
    const others = this.#options.pass?.(hit);
    return this.sendHit(hit) + ((await others) ?? 0);
  }

  /** Sends a hit to the listeners of this process. @returns to how many connections */
  sendHit({ to, gain, startAt, ...hit }: PassedHit): number {
    const listeners = this.#listeners().filter((connection) => {
      const isFor = to === "all" || (connection.role === "player" && to.includes(connection.player));
      return isFor && this.#options.hears(connection, to !== "all");
    });
    for (const connection of listeners) {
      const here = gain * factorOf(this.#levels.chosen, connection.player);
      const time = startAt === undefined ? {} : { startAt };
      post(connection, { type: "sound.hit", ...hit, gain: here, ...time });
    }
    return listeners.length;
  }

  /** A short sound as a line has it. @throws BardcastError `not-found` */
  async find(name: string): Promise<{ sound: string; gain: number }> {
    const { id } = await this.#find(name, "hit");
    return { sound: id, gain: levellingGain(this.#measures.get(id), HIT_LUFS) };
  }

  /** Another process has changed how the place sounds. */
  adopt({ shared, master, players, duckDb, measures }: KeptSounds): void {
    if (!shared || shared.change === this.#sharedAs) return;
    this.#sharedAs = shared.change;
    this.#measures.clear();
    for (const [id, lufs, peak] of measures) this.#measures.set(id, { lufs, peak });
    const before = { ...shared.before, players: new Map(shared.before.players) };
    this.#levels.adopt({ master, players: new Map(players) }, before, shared.levelsAt);
    this.#duckDb = duckDb;
    this.#at = shared.at;
    this.#beds.adopt(shared.beds);
    this.#tell(this.#listeners());
  }

  setVolumes({ duckDb = this.#duckDb, ...volumes }: SoundVolumes): void {
    this.#levels.choose(volumes, this.#change());
    this.#duckDb = duckDb;
    this.#changed();
  }

  /** Beds are silent, and go on where they would be, until the function that is returned is called. */
  hold(): () => void {
    const hold = {};
    this.#glide((at) => this.#levels.hold(hold, at));
    return () => this.#glide((at) => this.#levels.release(hold, at));
  }

  /** What somebody has measured of a file that is there. @throws BardcastError `not-found` */
  async measure(id: string, measure: SoundMeasure): Promise<void> {
    const { sounds } = await this.library.list();
    if (!sounds.some((sound) => sound.id === id))
      throw new BardcastError("not-found", "there is no such sound");
    this.#measures.set(id, measure);
    for (const old of this.#measures.keys()) {
      if (this.#measures.size <= MAX_SOUNDS) break;
      this.#measures.delete(old);
    }
    const volume = this.#beds.volumeOf(id);
    if (volume !== undefined) this.#beds.setGain(id, this.#gainOf(id, volume), this.#change(), FADE_MS);
    this.#changed();
  }

  /** @throws BardcastError as `SoundLibrary.remove` */
  async remove(id: string): Promise<void> {
    await this.library.remove(id);
    this.#beds.setGain(id, 0, this.#change(), GLIDE_MS);
    this.#measures.delete(id);
    this.#changed();
  }

  /** Somebody else has the seat from now on. */
  forget(player: string): void {
    if (this.#levels.chosen.players.has(player)) this.setVolumes({ players: { [player]: 1 } });
  }

  /** Who hears the place may be another by now. */
  listenersChanged(): void {
    if (!this.#beds.isEmpty) this.#tell(this.#listeners());
  }

  async #find(given: string, kind: "bed" | "hit"): Promise<{ id: string; name: string }> {
    const ofKind = builtIns().filter(({ builtIn }) => builtIn === kind);
    const found = ofKind.find(({ name }) => isSameName(name, given)) ?? (await this.library.find(given));
    if (found) return found;
    const names = ofKind.map(({ name }) => name).join(", ");
    const message = `there is no sound "${given}"; built in: ${names}; GET /api/sounds lists the others`;
    throw new BardcastError("not-found", message);
  }

  #glide(change: (at: number) => void): void {
    const { isEmpty } = this.#beds;
    change(isEmpty ? this.#levels.at : this.#change());
    if (!isEmpty) this.#tell(this.#listeners());
  }

  #gainOf(id: string, volume: number): number {
    return gainOfVolume(volume) * levellingGain(this.#measures.get(id), BED_LUFS);
  }

  /** Something is about to be another from that time on. */
  #change(): number {
    this.#beds.prune();
    this.#at = Math.max(this.#at, this.#options.now() + LEAD_MS);
    return this.#at;
  }

  #changed(): void {
    this.#options.onChange({
      beds: this.#beds.kept,
      master: this.#levels.chosen.master,
      players: [...this.#levels.chosen.players],
      duckDb: this.#duckDb,
      measures: [...this.#measures].map(([id, { lufs, peak }]) => [id, lufs, peak]),
      ...(this.#options.pass ? { shared: this.#share() } : {}),
    });
    this.#tell(this.#listeners());
  }

  #share(): SharedPlace {
    this.#sharedAs = randomId();
    const { before, at: levelsAt } = this.#levels;
    return {
      change: this.#sharedAs,
      at: this.#at,
      beds: this.#beds.shared,
      before: { ...before, players: [...before.players] },
      levelsAt,
    };
  }

  #listeners(): Connection[] {
    return this.#options.connections.all().filter(isInRoom);
  }

  #tell(connections: readonly Connection[]): void {
    const beds = this.#beds.told;
    for (const connection of connections.filter(isInRoom)) {
      post(connection, {
        type: "sound.beds",
        at: this.#at,
        beds: this.#options.hears(connection, false) ? beds : [],
        gain: this.#levels.gainOf(connection.player),
        duckDb: this.#duckDb,
      });
    }
  }
}

/** dm20 has no word for it, and the DM's console is not in the room. */
function isInRoom({ v2, role }: Connection): boolean {
  return v2 !== undefined && role !== "dm";
}

function post(connection: Connection, message: SoundMessage): void {
  connection.post(writeV2(message));
}

function builtIns(): (SoundInfo & { builtIn: "bed" | "hit" })[] {
  return [
    ...BUILT_IN_BEDS.map((name) => ({ id: name, name, builtIn: "bed" as const })),
    ...BUILT_IN_HITS.map((name) => ({ id: name, name, builtIn: "hit" as const })),
  ];
}

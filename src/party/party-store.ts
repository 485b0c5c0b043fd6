import { within } from "../core/async/abortable.ts";
import { messageOf } from "../core/errors.ts";
import { randomId } from "../core/id.ts";
import type { Answer } from "../core/protocol/answers.ts";
import type { StoreStatus } from "../core/protocol/api.ts";
import type { PreparedLine } from "../core/protocol/prepared-line.ts";
import type { Sounds } from "../core/protocol/table-settings.ts";
import type { TextStore } from "../voices/text-store.ts";
import type { GuestStore } from "./access/guests.ts";
import { LinkGenerations } from "./access/link-generations.ts";
import { Seats } from "./access/seats.ts";
import { raisedHands } from "./answers.ts";
import type { SharedText } from "./cluster/cluster.ts";
import type { PartyOptions } from "./party-options.ts";
import { CastMemory } from "./request/cast-memory.ts";
import { Settings } from "./settings.ts";
import type { KeptSounds } from "./sounds/kept-sounds.ts";
import { SoundLibrary } from "./sounds/sound-library.ts";
import { UtteranceJournal } from "./speaking/utterance-journal.ts";
import { type CampaignFolder, openCampaignFolder } from "./storage/campaign-folder.ts";
import { CampaignState } from "./storage/campaign-state.ts";
import { StoreLostError } from "./storage/store-health.ts";

/** ms that a disk may take at the end. */
const CLOSING_MS = 5_000;
/** Seats that may be given up while nothing is kept of what is said. */
const MAX_STRANGERS = 1_000;

/** What another process has changed: who has lost a seat, whose links are void (`undefined`: all), and how the place sounds. */
interface Adopted {
  unseated: readonly string[];
  voided: readonly (string | undefined)[];
  place: KeptSounds | undefined;
}

/** What a table has that outlasts the process, where it was given a folder. */
export class PartyStore {
  readonly seats: Seats;
  /** Which links are good. */
  readonly generations: LinkGenerations;
  /** Who was invited without a seat. */
  readonly guests: GuestStore;
  /** Characters who have spoken. */
  readonly npcs: CastMemory;
  readonly settings: Settings;
  /** Files of sound. */
  readonly sounds: SoundLibrary;
  /** What was said; undefined where that is not kept. */
  readonly journal: UtteranceJournal | undefined;
  readonly #state: CampaignState;
  readonly #folder: CampaignFolder | undefined;

  private constructor(
    state: CampaignState,
    folder: CampaignFolder | undefined,
    journal: UtteranceJournal | undefined,
    first: PartyOptions["settings"],
  ) {
    this.#state = state;
    this.#folder = folder;
    this.journal = journal;
    this.seats = new Seats(state.kept.seats, (seats) => state.keep({ seats }));
    this.generations = new LinkGenerations(state.kept.links, (links) => state.keep({ links }));
    this.guests = {
      kept: state.kept.guests,
      onChange: (guests) => state.keep({ guests }),
      saved: () => this.saved(),
    };
    this.npcs = new CastMemory(state.kept.cast, (cast) => state.keep({ cast }));
    const chosen = state.kept.settings;
    this.settings = new Settings({
      first,
      chosen,
      onChange: (settings) => state.keep({ settings }),
      players: state.kept.listening,
      onListening: (listening) => state.keep({ listening }),
    });
    const soundsFolder = folder?.isReadable ? `${folder.path}/sounds` : undefined;
    this.sounds = new SoundLibrary(soundsFolder, async () => folder?.guard());
    folder?.onRemade(() => state.keep({}));
    folder?.health.onWritten(() => state.retry());
  }

  /** Opens a campaign's folder, or none. @param shared what several processes remember together @throws BardcastError `internal` where this runtime has no file system */
  static async open(
    { campaignDir, journal = {}, settings }: Pick<PartyOptions, "campaignDir" | "journal" | "settings">,
    log: (message: string) => void,
    shared?: SharedText,
  ): Promise<PartyStore> {
    const folder = campaignDir === undefined ? undefined : await openCampaignFolder(campaignDir, log);
    const isLossTold = folder?.loss !== undefined;
    const state = await CampaignState.open(shared ?? folder?.state, log, {
      isLossTold: isLossTold && !shared,
    });
    // Where there is no room, what is there is told to who comes back all the same; another process's is its own.
    const isOurs = folder?.isReadable && (!isLossTold || !folder.isWritable);
    const opened =
      isOurs && journal !== false && !shared ? await openJournal(folder, { ...journal, log }) : undefined;
    const store = new PartyStore(state, folder, opened, settings);
    await store.#settleStrangers();
    shared?.watch((text) => store.#adopt(text));
    return store;
  }

  /** Another process has changed what is remembered. */
  onAdopted: (change: Adopted) => void = () => undefined;

  #adopt(text: string): void {
    if (!this.#state.adopt(text)) return;
    const { seats, links, settings = {}, listening = [], guests = [], cast = [], place } = this.#state.kept;
    const unseated = seats ? this.seats.adopt(seats) : [];
    const voided = links ? this.generations.adopt(links) : [];
    this.settings.adopt(settings, listening);
    this.guests.adopt?.(guests);
    this.npcs.adopt(cast);
    this.onAdopted({ unseated, voided, place });
  }

  /** Where the campaign's voices are; undefined without a folder. */
  get voices(): TextStore | undefined {
    return this.#folder?.voices;
  }

  /** Whether speech may be kept in the folder: many may share that. */
  get takesSpeech(): boolean {
    return this.#folder?.isWritable ?? false;
  }

  /** Whether this process has the folder, whatever becomes of single files in it. */
  get hasFolder(): boolean {
    return this.#folder !== undefined && this.#folder.loss === undefined;
  }

  /** Whether what is said, and what is the table's own, outlasts a restart; undefined without a folder. */
  get status(): StoreStatus | undefined {
    const status = this.#folder?.health.status;
    const reason = this.#state.problem;
    return status?.writable && reason !== undefined ? { writable: false, reason } : status;
  }

  get #keepsLines(): boolean {
    return this.journal !== undefined && this.#folder?.health.status.writable === true;
  }

  /** Signs links where nobody says what does: the same as before. */
  get secret(): string {
    const secret = this.#state.kept.secret ?? randomId();
    if (this.#state.kept.secret === undefined) this.#state.keep({ secret });
    return secret;
  }

  /**
   * Whoever gets this player's seat is somebody else, and hears all lines; the journal, if there is one, has been told. Resolves when that is
   * kept: in the journal, else until there is one.
   */
  async newcomer(player: string): Promise<void> {
    this.settings.forget(player);
    const isOther = (other: string): boolean => other !== player;
    this.#state.keep({ strangers: [...this.#strangers.filter(isOther), player].slice(-MAX_STRANGERS) });
    await this.saved();
    if (this.#keepsLines) this.#state.keep({ strangers: this.#strangers.filter(isOther) });
    await this.saved();
  }

  /** Notes in the journal that all it has for these players was said to somebody else. */
  async #settleStrangers(): Promise<void> {
    const { journal } = this;
    if (!journal || this.#strangers.length === 0) return;
    const hands = raisedHands(journal.answers);
    for (const player of this.#strangers) {
      journal.forget(player, journal.nextOffset - 1);
      const isPrivate = hands.get(player);
      if (isPrivate !== undefined) journal.answered(loweredHand(player, isPrivate));
    }
    await journal.settled();
    if (this.#keepsLines) this.#state.keep({ strangers: [] });
  }

  get #strangers(): readonly string[] {
    return this.#state.kept.strangers ?? [];
  }

  /** Which lines somebody who has a seat wants to hear, with all devices and from the next line on. */
  hear(player: string, sounds: Sounds): void {
    if (this.seats.has(player)) this.settings.hear(player, sounds);
  }

  /** What the DM's console was about to say, as the console wrote it; undefined where it wrote nothing. */
  get draft(): unknown {
    return this.#state.kept.draft;
  }

  set draft(draft: unknown) {
    this.#state.keep({ draft });
  }

  /** Lines that were written before they are said. */
  get lines(): readonly PreparedLine[] {
    return this.#state.kept.lines ?? [];
  }

  set lines(lines: readonly PreparedLine[]) {
    this.#state.keep({ lines });
  }

  /** How the place sounds; undefined where nothing was ever played. */
  get place(): KeptSounds | undefined {
    return this.#state.kept.place;
  }

  set place(place: KeptSounds) {
    this.#state.keep({ place });
  }

  /** Resolves when all of it is on the disk, or cannot be, which the log is told. */
  async saved(): Promise<void> {
    await Promise.all([this.#state.saved(), this.journal?.settled()]);
  }

  /** Nothing more is kept, and others may have the folder. */
  async close(): Promise<void> {
    const closing = Promise.all([this.#state.saved(), this.journal?.close()]).then(() =>
      this.#folder?.release(),
    );
    // A disk that does not answer keeps nobody from ending.
    const late = (): Error => new Error("the disk does not answer");
    await within(closing, { ms: CLOSING_MS, late }).catch(() => undefined);
  }
}

/** Whoever has the seat now has not raised it. */
function loweredHand(player: string, isPrivate: boolean): Answer {
  const at = new Date().toISOString();
  return { id: randomId(), player, at, kind: "hand", raised: false, private: isPrivate };
}

/** Opens the journal to go on with it. If it cannot be read, a warning says so and the file is left as it is. */
async function openJournal(
  { path, files, health, guard }: CampaignFolder,
  options: { maxChars?: number; log: (message: string) => void },
): Promise<UtteranceJournal | undefined> {
  try {
    return await UtteranceJournal.open(`${path}/journal.jsonl`, { files, health, guard, ...options });
  } catch (error) {
    const remedy =
      "the table plays on and leaves it as it is: let it be read, or move it away, and start Bardcast again";
    health.failed(new StoreLostError(messageOf(error), remedy));
    return undefined;
  }
}

import { randomId } from "../core/id.ts";
import type { StoreStatus } from "../core/protocol/api.ts";
import type { TextStore } from "../voices/text-store.ts";
import { LinkGenerations } from "./access/link-generations.ts";
import { Seats } from "./access/seats.ts";
import type { PartyOptions } from "./party-options.ts";
import type { NpcMemory } from "./request/voice-resolver.ts";
import { UtteranceJournal } from "./speaking/utterance-journal.ts";
import { type CampaignFolder, openCampaignFolder } from "./storage/campaign-folder.ts";
import { CampaignState } from "./storage/campaign-state.ts";

/** What a table has that outlasts the process, where it was given a folder. */
export class PartyStore {
  readonly seats: Seats;
  /** Which links are good. */
  readonly generations: LinkGenerations;
  /** Speakers who were cast. */
  readonly npcs: NpcMemory;
  /** What was said; undefined where that is not kept. */
  readonly journal: UtteranceJournal | undefined;
  readonly #state: CampaignState;
  readonly #folder: CampaignFolder | undefined;

  private constructor(
    state: CampaignState,
    folder: CampaignFolder | undefined,
    journal: UtteranceJournal | undefined,
  ) {
    this.#state = state;
    this.#folder = folder;
    this.journal = journal;
    this.seats = new Seats(state.kept.seats, (seats) => state.keep({ seats }));
    this.generations = new LinkGenerations(state.kept.links, (links) => state.keep({ links }));
    this.npcs = { known: state.kept.cast ?? [], onChange: (cast) => state.keep({ cast }) };
    folder?.onRemade(() => state.keep({}));
  }

  /** Opens a campaign's folder, or none. @throws BardcastError `internal` where this runtime has no file system */
  static async open(
    { campaignDir, journal = {} }: Pick<PartyOptions, "campaignDir" | "journal">,
    log: (message: string) => void,
  ): Promise<PartyStore> {
    const folder = campaignDir === undefined ? undefined : await openCampaignFolder(campaignDir, log);
    const isLossTold = folder?.loss !== undefined;
    const state = await CampaignState.open(folder?.state, log, { isLossTold });
    const isKept = folder && !isLossTold && journal !== false;
    return new PartyStore(state, folder, isKept ? await openJournal(folder, journal) : undefined);
  }

  /** Where the campaign's voices are; undefined without a folder. */
  get voices(): TextStore | undefined {
    return this.#folder?.voices;
  }

  /** Whether speech may be kept in the folder: many may share that. */
  get takesSpeech(): boolean {
    return this.#folder?.isWritable ?? false;
  }

  /** Whether what is said outlasts a restart; undefined without a folder. */
  get status(): StoreStatus | undefined {
    return this.#folder?.health.status;
  }

  /** Signs links where nobody says what does: the same as before. */
  get secret(): string {
    const secret = this.#state.kept.secret ?? randomId();
    if (this.#state.kept.secret === undefined) this.#state.keep({ secret });
    return secret;
  }

  /** What the DM's console was about to say, as the console wrote it; undefined where it wrote nothing. */
  get draft(): unknown {
    return this.#state.kept.draft;
  }

  set draft(draft: unknown) {
    this.#state.keep({ draft });
  }

  /** Resolves when all of it is on the disk, or cannot be, which the log is told. */
  async saved(): Promise<void> {
    await Promise.all([this.#state.saved(), this.journal?.settled()]);
  }

  /** Nothing more is kept, and others may have the folder. */
  async close(): Promise<void> {
    await Promise.all([this.#state.saved(), this.journal?.close()]);
    await this.#folder?.release();
  }
}

/** What was said before, to be gone on with; where it cannot be read, that is told, and it is left as it is. */
async function openJournal(
  { path, files, health, guard }: CampaignFolder,
  { maxChars }: { maxChars?: number },
): Promise<UtteranceJournal | undefined> {
  try {
    return await UtteranceJournal.open(`${path}/journal.jsonl`, { files, health, guard, maxChars });
  } catch (error) {
    health.failed(error);
    return undefined;
  }
}

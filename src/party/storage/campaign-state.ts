import { z } from "zod";
import { within } from "../../core/async/abortable.ts";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { type PreparedLine, preparedLinesSchema } from "../../core/protocol/prepared-line.ts";
import { REVEALS, SOUNDS, type Sounds, type TableSettings } from "../../core/protocol/table-settings.ts";
import { stableHash } from "../../core/stable-choice.ts";
import type { NpcTraits } from "../../voices/npc-traits.ts";
import { fileStore, memoryStore, storeLimit, type TextStore } from "../../voices/text-store.ts";
import { GUEST_ROLES, type KeptGuest } from "../access/guests.ts";
import type { KeptLinks } from "../access/link-generations.ts";
import type { KeptSeats } from "../access/seats.ts";
import { type KeptSounds, keptSoundsSchema } from "../sounds/kept-sounds.ts";
import { remedyFor } from "./store-health.ts";

const FILE = "state.json";
const FORMAT = 1;
/** A table of thousands, many times over. */
const MAX_CHARS = 4 * 1024 * 1024;
/** ms that a disk may take: nobody waits longer for it. */
const PATIENCE_MS = 2_000;

/** What a table keeps in its campaign's folder, beside its voices. */
export interface Kept {
  /** Signs links where nobody gave another one. */
  secret?: string | undefined;
  links?: KeptLinks | undefined;
  seats?: KeptSeats | undefined;
  /** Players who gave up a seat while the journal could not be written: their whispers are shown to nobody. */
  strangers?: readonly string[] | undefined;
  /** Who was invited without a seat. */
  guests?: readonly KeptGuest[] | undefined;
  /** Characters who have spoken, by the name that is looked up: what they were called first, and what was said of them. */
  cast?: readonly (readonly [key: string, speaker: NpcTraits & { name?: string | undefined }])[] | undefined;
  /** What was chosen for the whole table. */
  settings?: { [Name in keyof TableSettings]?: TableSettings[Name] | undefined } | undefined;
  /** Players who do not want to hear everything. */
  listening?: readonly (readonly [player: string, sounds: Sounds])[] | undefined;
  /** What the DM's console was about to say, as the console writes it. */
  draft?: unknown;
  /** Lines that were written before they are said. */
  lines?: readonly PreparedLine[] | undefined;
  /** How the place sounds. */
  place?: KeptSounds | undefined;
}

/** Keys of other versions are left as they are. */
const keptSchema = z.looseObject({
  format: z.literal(FORMAT),
  secret: z.string().min(32).optional(),
  seats: z
    .object({ players: z.array(z.string()), taken: z.array(z.string()) })
    .optional()
    .catch(undefined),
  strangers: z.array(z.string()).optional().catch(undefined),
  guests: z
    .array(z.object({ role: z.enum(GUEST_ROLES), name: z.string(), expiresAt: z.number().optional() }))
    .optional()
    .catch(undefined),
  cast: z
    .array(
      z.tuple([
        z.string(),
        z.object({
          race: z.string().optional(),
          gender: z.string().optional(),
          name: z.string().optional(),
        }),
      ]),
    )
    .optional()
    .catch(undefined),
  settings: z
    .object({
      reveal: z.enum(REVEALS).optional().catch(undefined),
      sounds: z.enum(SOUNDS).optional().catch(undefined),
      loudspeakers: z.array(z.string()).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  listening: z
    .array(z.tuple([z.string(), z.enum(SOUNDS)]))
    .optional()
    .catch(undefined),
  lines: preparedLinesSchema.optional().catch(undefined),
  place: keptSoundsSchema.optional().catch(undefined),
  links: z
    .object({
      everyone: z.string().optional(),
      players: z.array(z.tuple([z.string(), z.string()])),
    })
    .optional(),
});

/**
 * What outlasts the process: one JSON text, written whole or not at all, for nobody else on the machine. Whatever
 * is the matter with it is said once, and the game goes on.
 */
export class CampaignState {
  readonly #store: TextStore;
  readonly #log: (message: string) => void;
  readonly #mayWrite: boolean;
  #kept: Kept;
  /** What was changed here and is not kept yet. */
  #pending: Kept = {};
  #isDue = false;
  #hasFailed = false;
  /** It is to be kept beside before it is written anew. */
  #isDamaged = false;
  #problem: string | undefined;
  /** The disk was waited for in vain, and has not answered since. */
  #isHung = false;
  #isSaving = false;
  #saving: Promise<void> = Promise.resolve();

  private constructor(store: TextStore, log: (message: string) => void, kept: Kept, mayWrite = true) {
    this.#store = store;
    this.#log = log;
    this.#kept = kept;
    this.#mayWrite = mayWrite;
  }

  /**
   * @param campaign its folder, or where the text is kept instead; without it nothing outlasts the process
   * @param log gets what is wrong, one sentence each
   * @param options.isLossTold somebody has said already that nothing can be kept there
   */
  static async open(
    campaign: string | TextStore = memoryStore(),
    log: (message: string) => void = () => undefined,
    options: { isLossTold?: boolean } = {},
  ): Promise<CampaignState> {
    const store = typeof campaign === "string" ? fileStore(`${campaign}/${FILE}`, { mode: 0o600 }) : campaign;
    try {
      const text = await within(store.read(), storeLimit(store));
      const state = new CampaignState(store, log, text === undefined ? {} : parse(text));
      state.#hasFailed = options.isLossTold ?? false;
      return state;
    } catch (error) {
      const isDamaged = error instanceof DamagedError;
      const state = new CampaignState(store, log, isDamaged ? error.kept : {}, isDamaged);
      const what = `${store.name}: ${messageOf(error)}`;
      let todo = "nothing more is kept in it: let this program read it, or move it away, and start again";
      if (isDamaged) {
        state.#isDamaged = true;
        const aside = await within(state.#keepAside(), storeLimit(store)).catch(() => undefined);
        todo = `it is written anew, ${aside === undefined ? "once it is" : "and what it was is"} kept beside`;
        if (aside !== undefined) todo += ` as ${aside}`;
      } else state.#problem = what;
      log(
        `${what}; which links were made void is not known, so all that were given out before are: hand out new ones; ` +
          todo,
      );
      state.keep({ links: { everyone: randomId(), players: [] } });
      return state;
    }
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** Why it is not kept now, in words for whoever runs it; undefined where it is, as far as anybody knows. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Tries again where it could not be kept. */
  retry(): void {
    if (this.#problem !== undefined) this.keep({});
  }

  /** Keeps some of it anew; `saved` tells when that is done. */
  keep(part: Kept): void {
    this.#kept = { ...this.#kept, ...part };
    this.#pending = { ...this.#pending, ...part };
    this.#isDue = this.#mayWrite;
    if (!this.#isSaving) this.#saving = this.#save();
  }

  /**
   * Another process has written the text: all of it counts here from now on but for what was changed here and is not kept
   * yet. @returns false for a text that makes no sense, which changes nothing
   */
  adopt(text: string): boolean {
    try {
      this.#kept = { ...parse(text), ...this.#pending };
      return true;
    } catch (error) {
      this.#log(`${this.#store.name}: ${messageOf(error)}; what was known before counts`);
      return false;
    }
  }

  /**
   * Resolves when what was to be kept is, or cannot be, which the log is told; never later than the patience with a disk.
   */
  async saved(): Promise<void> {
    if (this.#isHung) return;
    const late = (): Error => new Error(`the disk did not answer within ${PATIENCE_MS} ms`);
    await within(this.#saving, { ms: PATIENCE_MS, late }).catch((error) => {
      this.#isHung = true;
      this.#failed(error);
    });
  }

  async #save(): Promise<void> {
    this.#isSaving = true;
    // All changes of one turn are written together.
    await Promise.resolve();
    while (this.#isDue) {
      this.#isDue = false;
      try {
        // Whoever deletes the folder may do it in the middle of the first try.
        await this.#write().catch(() => this.#write());
        this.#hasFailed = false;
        this.#problem = undefined;
      } catch (error) {
        this.#failed(error);
      }
      this.#isHung = false;
    }
    this.#isSaving = false;
  }

  #failed(error: unknown): void {
    // A file's error names it once more.
    const why = (error instanceof BardcastError && error.cause) || error;
    this.#problem = `${this.#store.name}: ${messageOf(why)}`;
    if (!this.#hasFailed) this.#log(this.#lossOf(why));
    this.#hasFailed = true;
  }

  /** @returns where what was damaged is; undefined where there is nothing to keep */
  async #keepAside(): Promise<string | undefined> {
    if (!this.#isDamaged) return undefined;
    const aside = await this.#store.keepAside?.();
    this.#isDamaged = false;
    return aside;
  }

  async #write(): Promise<void> {
    await this.#keepAside();
    const value = { ...this.#kept, format: FORMAT };
    const pending = this.#pending;
    // Without spaces: what came in through doors with limits must not outgrow the limit of what is read.
    await this.#store.write(`${JSON.stringify({ ...value, sum: sumOf(value) })}\n`);
    if (this.#pending === pending) this.#pending = {};
  }

  #lossOf(why: unknown): string {
    return (
      `${this.#store.name}: seats, and which links were made void, cannot be kept (${messageOf(why)}): a restart ` +
      `takes that back, and with the same secret those links are good again; ${remedyFor(why) ?? "let this program write there"}`
    );
  }
}

/** The text is not as it was written. */
class DamagedError extends Error {
  /** What can be used of it. */
  readonly kept: Kept;

  constructor(message: string, kept: Kept = {}) {
    super(message);
    this.kept = kept;
  }
}

/** Of all there is but itself, in the order in which it is written. */
function sumOf(value: object): string {
  return stableHash(JSON.stringify(value)).toString(16).padStart(8, "0");
}

/** @throws DamagedError; Error where another version has written it */
function parse(text: string): Kept {
  if (text.length > MAX_CHARS) throw new DamagedError(`it is longer than ${MAX_CHARS} characters`);
  const { sum, ...value } = Object(json(text)) as { format?: unknown; sum?: unknown };
  const { format } = value;
  if (typeof format === "number" && format !== FORMAT)
    throw new Error(`it is of format ${format}, which this version of Bardcast does not read`);
  const parsed = keptSchema.safeParse(value);
  if (!parsed.success) throw new DamagedError("it is damaged");
  const { format: _, ...kept } = parsed.data;
  // An earlier version has written none.
  if (sum !== undefined && sum !== sumOf(value))
    throw new DamagedError("it was changed by somebody else", kept);
  return kept;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedError("it is damaged");
  }
}

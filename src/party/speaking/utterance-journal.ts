import { within } from "../../core/async/abortable.ts";
import { messageOf } from "../../core/errors.ts";
import type { Answer } from "../../core/protocol/answers.ts";
import type { DeliveryReport } from "../../core/protocol/api.ts";
import { storeLimit } from "../../voices/text-store.ts";
import type { MessageLog } from "../fan-out/message-log.ts";
import type { Subscription } from "../fan-out/subscription.ts";
import { headOf, type ResolvedRequest } from "../request/resolved-request.ts";
import { JournalFile, type JournalTotals } from "../storage/journal-file.ts";
import { decodeRecords, type ReadJournal } from "../storage/journal-line.ts";
import type { StoreFiles } from "../storage/store-files.ts";
import type { StoreHealth } from "../storage/store-health.ts";
import {
  asJournalRecord,
  type BeginRecord,
  type JournalRecord,
  type OverRecord,
  type TextRecord,
} from "./journal-record.ts";
import { type KeptUtterance, KeptUtterances } from "./kept-utterances.ts";

/** Characters of what was said that are kept by default, with what became of it: some evenings. */
const DEFAULT_CHARS = 1024 * 1024;
/** Numbers for the messages of one process: years of talk, and two million restarts stay exact. */
const OFFSETS_OF_A_LIFE = 2 ** 32;
/** Bytes of a file for each character that is kept, at most; of a larger one the end is read. */
const BYTES_PER_CHAR = 16;

export interface UtteranceJournalOptions {
  files: StoreFiles;
  health: StoreHealth;
  /** Rejects where the file is another process's. */
  guard?: () => Promise<unknown>;
  /** Characters that are kept, about; the oldest lines go. Default 1 Mi. */
  maxChars?: number | undefined;
  /** ms since the epoch; default the system's clock. */
  now?: () => number;
  /** Gets what is wrong with what is there, in one sentence. */
  log?: (message: string) => void;
}

/** What was said and what became of it, so that it outlasts the process. */
export class UtteranceJournal {
  /** What was said by the processes before, oldest first. */
  readonly past: readonly KeptUtterance[];
  /** Those of them that were being said or heard when their process ended. */
  readonly cutShort: readonly KeptUtterance[];
  readonly #kept: KeptUtterances;
  readonly #file: JournalFile;
  readonly #now: () => number;
  #epoch = "";

  /** @param read.isKeptBeside where it is damaged */
  private constructor(
    path: string,
    read: ReadJournal & { bytes: number; isKeptBeside: boolean },
    options: UtteranceJournalOptions,
  ) {
    const { files, health, guard = () => Promise.resolve(), now = () => Date.now() } = options;
    this.#now = now;
    this.#kept = new KeptUtterances(options.maxChars ?? DEFAULT_CHARS);
    const records = read.records.map(asJournalRecord);
    for (const record of records) if (record) this.#kept.add(record);
    const kept = (): readonly JournalRecord[] => this.#kept.records;
    const { bytes, isTorn } = read;
    const isDamaged = read.isDamaged && !read.isKeptBeside;
    this.#file = new JournalFile(path, { files, health, guard, kept, bytes, isTorn, isDamaged, now });
    // Nobody knows which lines are not there any more.
    if (read.isDamaged) this.#add({ is: "dropped", offset: this.nextOffset - 1 });
    this.cutShort = this.#kept.lines.filter(({ over }) => !over);
    for (const { begin, texts, made } of this.cutShort) if (!made) this.#add(brokenOff(begin, texts.length));
    this.past = this.#kept.lines;
  }

  /**
   * Opens what a folder has of the evenings before.
   * @throws Error where a later version has written it, or it cannot be read
   */
  static async open(path: string, options: UtteranceJournalOptions): Promise<UtteranceJournal> {
    try {
      const limit = BYTES_PER_CHAR * (options.maxChars ?? DEFAULT_CHARS);
      const reading = options.files.read(path, limit);
      const bytes = (await within(reading, storeLimit({ name: path }))) ?? new Uint8Array();
      const read = decodeRecords(bytes, { isCut: bytes.length >= limit });
      const isKeptBeside = read.isDamaged && (await keepDamaged(path, read, options));
      return new UtteranceJournal(path, { ...read, bytes: bytes.length, isKeptBeside }, options);
    } catch (error) {
      const why = messageOf(error);
      throw new Error(why.includes(path) ? why : `${path}: ${why}`, { cause: error });
    }
  }

  /** All that is kept by now, in the order in which it began. */
  get lines(): readonly KeptUtterance[] {
    return this.#kept.lines;
  }

  /** Epochs of the processes before, oldest first. */
  get epochs(): readonly string[] {
    return this.#kept.epochs;
  }

  /** No line of the processes before that went to make room had a message of a higher number. */
  get droppedOffset(): number {
    return this.#kept.droppedOffset;
  }

  /** Players who gave up their seats, and when. */
  get forgotten(): KeptUtterances["forgotten"] {
    return this.#kept.forgotten;
  }

  /** No message of the processes before has a higher number, not even of those that nobody had time to keep. */
  get nextOffset(): number {
    return this.#kept.lastStart + OFFSETS_OF_A_LIFE;
  }

  /** ms since something was noted. */
  ageOf({ at }: { at: number }): number {
    return Math.max(0, this.#now() - at);
  }

  /** This process begins to speak. */
  live({ epoch, offset }: { epoch: string; offset: number }): void {
    this.#epoch = epoch;
    this.#add({ is: "life", epoch, offset });
  }

  /** A line begins. @param subscriptions who listens */
  begin(
    request: ResolvedRequest,
    { handle, firstOffset }: Pick<MessageLog, "handle" | "firstOffset">,
    subscriptions: readonly Pick<Subscription, "connection">[],
  ): void {
    const { id, to, text, again } = request;
    const { utterance: _, interrupt: __, ...head } = headOf(request);
    const audience = subscriptions.filter(({ connection }) => connection.role !== "observer");
    this.#add({
      is: "begin",
      id,
      at: this.#now(),
      epoch: this.#epoch,
      offset: firstOffset,
      handle,
      head,
      to,
      ...(typeof text === "string" ? { text } : {}),
      again,
      listeners: new Set(audience.map(({ connection }) => connection.player)).size,
    });
  }

  /** A sentence of a line was told. */
  told(sentence: Omit<TextRecord, "is">): void {
    this.#add({ is: "text", ...sentence });
  }

  /** All of a line was made, or handed over. @param silent sentences that should have been heard and are not */
  made(report: DeliveryReport, listeners: readonly Pick<Subscription, "leftMs">[], silent: number): void {
    if (listeners.length === 0) return;
    const leftMs = Math.max(...listeners.map((listener) => listener.leftMs));
    this.#add({ is: "made", id: report.utterance, at: this.#now(), leftMs, silent, report });
  }

  /** A line is over. */
  over(line: Omit<OverRecord, "is">): void {
    this.#add({ is: "over", ...line });
  }

  /** What players told, oldest first. */
  get answers(): readonly Answer[] {
    return this.#kept.answers.map(({ is: _, ...answer }) => answer);
  }

  /** A player told something. */
  answered(answer: Answer): void {
    this.#add({ is: "answer", ...answer });
  }

  /** Whoever comes by that name is somebody else. */
  forget(player: string, offset: number): void {
    this.#add({ is: "forget", player, offset });
  }

  /** What its file took so far. */
  get totals(): JournalTotals {
    return this.#file.totals;
  }

  /** Resolves when all of it is durable, or cannot be: before that nobody is told that a line is complete. Never rejects. */
  settled(): Promise<void> {
    return this.#file.settled();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #add(record: JournalRecord): void {
    this.#kept.add(record);
    this.#file.add(record);
  }
}

/** Says so, and keeps it under another name. @returns whether it is; else it has to be before it is written anew */
async function keepDamaged(
  path: string,
  { records }: ReadJournal,
  { files, guard = () => Promise.resolve(), log = () => undefined }: UtteranceJournalOptions,
): Promise<boolean> {
  const keeping = guard().then(() => files.keepAside(path));
  const aside = await within(keeping, storeLimit({ name: path })).catch(() => undefined);
  const rest =
    records.length === 0
      ? "nothing that was said before can be read in it"
      : "what can be read in it is used, and the rest is not known any more";
  const todo = aside === undefined ? "once it is kept beside" : `and what it was is kept beside as ${aside}`;
  log(`${path} is damaged: ${rest}; it is written anew, ${todo}`);
  return aside !== undefined;
}

/** The report on a line that was cut short by the end of its process. */
export function brokenOff({ id, listeners }: BeginRecord, sentences: number): OverRecord {
  const message = "Bardcast ended in the middle of it: how much of it was heard is not known";
  return {
    is: "over",
    id,
    state: "broken-off",
    report: {
      utterance: id,
      delivered: false,
      cancelled: false,
      listeners,
      players: [],
      sentences,
      durationMs: 0,
      engines: [],
      problems: [{ code: "broken-off", message, retryable: true }],
    },
  };
}

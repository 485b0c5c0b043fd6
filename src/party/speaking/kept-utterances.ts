import { jsonLength } from "../../core/json-copy.ts";
import type {
  AnswerRecord,
  BeginRecord,
  ForgetRecord,
  JournalRecord,
  LifeRecord,
  MadeRecord,
  OverRecord,
  TextRecord,
} from "./journal-record.ts";

/** Processes that are told apart: pages that slept through more begin anew. */
const MAX_LIVES = 64;
/** Players who gave up their seats while something is still kept that was said to them. */
const MAX_FORGOTTEN = 1_000;
/** What players told that is kept. */
export const MAX_ANSWERS = 500;
/** Characters that a record takes besides its text, about. */
const OVERHEAD = 300;

type UtteranceRecord = BeginRecord | TextRecord | MadeRecord | OverRecord;

/** A line, as far as it is kept. */
export interface KeptUtterance {
  begin: BeginRecord;
  texts: TextRecord[];
  /** What was known of it last, while it is not over. */
  made: MadeRecord | undefined;
  over: OverRecord | undefined;
  /** A sentence of it cannot be read any more: neither it nor what follows is told. */
  hasHole: boolean;
}

/** Utterances in the order in which they began. When there is no more room, the oldest are dropped. */
export class KeptUtterances {
  readonly #limit: number;
  readonly #lines = new Map<string, KeptUtterance>();
  #lives: LifeRecord[] = [];
  #forgotten: ForgetRecord[] = [];
  #answers: AnswerRecord[] = [];
  #chars = 0;
  #droppedOffset = 0;

  /** @param limit characters, about */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get lines(): readonly KeptUtterance[] {
    return [...this.#lines.values()];
  }

  /** Epochs of the processes before, oldest first. */
  get epochs(): readonly string[] {
    return this.#lives.map(({ epoch }) => epoch);
  }

  /** Where the numbers of the latest of them began. */
  get lastStart(): number {
    return Math.max(0, ...this.#lives.map(({ offset }) => offset));
  }

  get forgotten(): readonly ForgetRecord[] {
    return this.#forgotten;
  }

  /** What players told, oldest first. */
  get answers(): readonly AnswerRecord[] {
    return this.#answers;
  }

  /** No line that went to make room had a message of a higher number; 0: none went. */
  get droppedOffset(): number {
    return this.#droppedOffset;
  }

  /** All of it again. */
  get records(): readonly JournalRecord[] {
    const lines = this.lines.flatMap(recordsOf);
    const offset = this.#droppedOffset;
    const dropped = offset > 0 ? [{ is: "dropped" as const, offset }] : [];
    return [...this.#lives, ...this.#forgotten, ...dropped, ...lines, ...this.#answers];
  }

  /** Takes a record; one that is known already, or of a line that is not, is passed over. */
  add(record: JournalRecord): void {
    switch (record.is) {
      case "life":
        this.#lives = [...this.#lives.filter(({ epoch }) => epoch !== record.epoch), record].slice(
          -MAX_LIVES,
        );
        return;
      case "forget":
        this.#forgotten = [...this.#forgotten.filter(({ player }) => player !== record.player), record].slice(
          -MAX_FORGOTTEN,
        );
        return;
      case "answer":
        if (!this.#answers.some(({ id }) => id === record.id))
          this.#answers = [...this.#answers, record].slice(-MAX_ANSWERS);
        return;
      case "dropped":
        this.#droppedOffset = Math.max(this.#droppedOffset, record.offset);
        return;
      case "begin":
        if (this.#lines.has(record.id)) return;
        this.#lines.set(record.id, {
          begin: record,
          texts: [],
          made: undefined,
          over: undefined,
          hasHole: false,
        });
        break;
      default:
        if (!this.#belongs(record)) return;
    }
    this.#chars += charsOf(record);
    this.#bound();
  }

  #belongs(record: TextRecord | MadeRecord | OverRecord): boolean {
    const line = this.#lines.get(record.id);
    if (!line) return false;
    if (record.is !== "text") {
      // How much was heard of one that broke off may become known afterwards.
      if (line.over && (record.is === "made" || line.over.state !== "broken-off")) return false;
      for (const before of [line.made, line.over]) if (before) this.#chars -= charsOf(before);
      line.made = record.is === "made" ? record : undefined;
      line.over = record.is === "over" ? record : undefined;
      line.hasHole ||= line.texts.length < record.report.sentences;
      return true;
    }
    // They are told one after the other.
    const last = line.texts.at(-1)?.sentence ?? -1;
    line.hasHole ||= record.sentence > last + 1;
    if (line.hasHole || record.sentence <= last) return false;
    line.texts.push(record);
    return true;
  }

  /** One that is being said stays. */
  #bound(): void {
    for (const [id, line] of this.#lines) {
      if (this.#chars <= this.#limit) return;
      if (!line.over) continue;
      this.#lines.delete(id);
      this.#droppedOffset = Math.max(this.#droppedOffset, lastOffsetOf(line));
      for (const record of recordsOf(line)) this.#chars -= charsOf(record);
    }
  }
}

function recordsOf({ begin, texts, made, over }: KeptUtterance): UtteranceRecord[] {
  return [begin, ...texts, ...(made ? [made] : []), ...(over ? [over] : [])];
}

/** The number of its last message, as far as it is kept. */
export function lastOffsetOf({ begin, texts, over }: KeptUtterance): number {
  return Math.max(begin.offset, over?.offset ?? 0, ...texts.map(({ offset = 0 }) => offset));
}

function charsOf(record: UtteranceRecord): number {
  if (record.is === "text") return OVERHEAD + record.text.length;
  if (record.is === "begin") return OVERHEAD + (record.text?.length ?? 0) + jsonLength(record.again?.voice);
  const { players, problems } = record.report;
  const written = record.is === "over" ? (record.written?.length ?? 0) : 0;
  return OVERHEAD * (1 + players.length / 2 + problems.length) + written;
}

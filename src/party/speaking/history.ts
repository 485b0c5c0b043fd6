import type { MessageLog } from "../fan-out/message-log.ts";
import type { Audience } from "../request/utterance.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/** Bytes of text that are kept of lines whose sound is forgotten… */
export const TEXT_BYTES: number = 256 * 1024;
/** …and for how long at most. */
export const TEXT_MS = 3_600_000;

export interface HistoryLimits {
  /** ms for which a line is kept after it is over. */
  keepMs: number;
  /** Bytes of speech that lines which are over may keep; beyond it the oldest fall silent. */
  historyBytes: number;
}

/** A line of which only the text is known. */
export interface SilentLine {
  messages: MessageLog;
  request: { to: Audience };
}

interface Kept<Line> {
  line: Line;
  endedAt: number;
  bytes: number;
}

/** Lines that are over, kept for those who lost their connection and come back: with their sound, then without. */
export class History {
  readonly #limits: HistoryLimits;
  readonly #kept = new Shelf<ActiveUtterance>();
  readonly #silent = new Shelf<SilentLine>();
  /** The last number whose sound was forgotten, of lines to each player and to all. */
  readonly #forgotten = new Map<string, number>();

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** Those with their sound, oldest first. */
  get lines(): readonly ActiveUtterance[] {
    this.#forget();
    return this.#kept.lines;
  }

  /** Those before them, of which only the text is left. */
  get silent(): readonly SilentLine[] {
    this.#forget();
    return this.#silent.lines;
  }

  add(line: ActiveUtterance): void {
    this.#kept.add({ line, endedAt: performance.now(), bytes: line.keptBytes });
    this.#forget();
  }

  /** Takes in a line that a process before has said. */
  restore(line: SilentLine, ageMs: number): void {
    this.#noteForgotten(line);
    const bytes = line.messages.forgetSound();
    this.#silent.add({ line, endedAt: performance.now() - ageMs, bytes });
  }

  /** Whether everything that was said to a player after `offset` is still known, sound included. */
  covers(player: string, offset: number): boolean {
    this.#forget();
    const forgotten = Math.max(this.#forgotten.get("all") ?? 0, this.#forgotten.get(player) ?? 0);
    return forgotten <= offset;
  }

  #forget(): void {
    const { keepMs, historyBytes } = this.#limits;
    for (const { line, endedAt } of this.#kept.clear(keepMs, historyBytes)) {
      const { messages, request } = line;
      this.#noteForgotten(line);
      this.#silent.add({
        line: { messages, request: { to: request.to } },
        endedAt,
        bytes: messages.forgetSound(),
      });
    }
    this.#silent.clear(TEXT_MS, TEXT_BYTES);
  }

  /** Lines do not end in the order in which they begin. */
  #noteForgotten({ request: { to }, messages: { lastOffset } }: SilentLine): void {
    for (const name of to === "all" ? [to] : to) {
      this.#forgotten.set(name, Math.max(this.#forgotten.get(name) ?? 0, lastOffset));
    }
  }
}

/** Lines in the order in which they ended. */
class Shelf<Line> {
  #kept: Kept<Line>[] = [];
  #bytes = 0;

  get lines(): Line[] {
    return this.#kept.map(({ line }) => line);
  }

  add(kept: Kept<Line>): void {
    this.#kept.push(kept);
    this.#bytes += kept.bytes;
  }

  /** Takes out the oldest until all are younger than `ms` and no larger than `bytes` together. */
  clear(ms: number, bytes: number): Kept<Line>[] {
    const before = performance.now() - ms;
    const gone: Kept<Line>[] = [];
    for (let oldest = this.#kept[0]; oldest; oldest = this.#kept[0]) {
      if (oldest.endedAt >= before && this.#bytes <= bytes) break;
      this.#kept.shift();
      this.#bytes -= oldest.bytes;
      gone.push(oldest);
    }
    return gone;
  }
}

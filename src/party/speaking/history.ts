import type { Audience } from "../../core/protocol/speak-request.ts";
import type { MessageLog } from "../fan-out/message-log.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/** Bytes of text that are kept of utterances whose sound is forgotten… */
export const TEXT_BYTES: number = 256 * 1024;
/** …and for how long at most. */
export const TEXT_MS = 3_600_000;

export interface HistoryLimits {
  /** ms for which an utterance is kept after it is over. */
  keepMs: number;
  /** Bytes of speech that utterances which are over may keep; beyond it the oldest fall silent. */
  historyBytes: number;
}

/** An utterance whose sound has been dropped: only its text is left. */
export interface Text {
  messages: MessageLog;
  to: Audience;
}

interface Kept<Item> {
  item: Item;
  endedAt: number;
  bytes: number;
}

/** Utterances that are over, kept for those who lost their connection and come back: with their sound, then without. */
export class History {
  readonly #limits: HistoryLimits;
  readonly #kept = new Shelf<ActiveUtterance>();
  readonly #texts = new Shelf<Text>();
  /** The last number whose sound was forgotten, of utterances to each player and to all. */
  readonly #forgotten = new Map<string, number>();

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /**
   * What somebody may hear of all that is known at this moment, oldest first: utterances with their sound, and of those before
   * them the text. Each is in one of the two.
   */
  knownTo(isFor: (to: Audience, messages: MessageLog) => boolean): {
    past: ActiveUtterance[];
    texts: MessageLog[];
  } {
    const { utterances, texts } = this.#known;
    return {
      past: utterances.filter(({ request, messages }) => isFor(request.to, messages)),
      texts: texts.filter(({ to, messages }) => isFor(to, messages)).map(({ messages }) => messages),
    };
  }

  /** Of the first message of all that is known; Infinity where nothing is. */
  get firstOffset(): number {
    const { utterances, texts } = this.#known;
    return Math.min(...[...utterances, ...texts].map(({ messages }) => messages.firstOffset));
  }

  add(utterance: ActiveUtterance): void {
    this.#kept.add({ item: utterance, endedAt: performance.now(), bytes: utterance.keptBytes });
    this.#forget();
  }

  /** Takes in what a process before has said. */
  restore({ messages, to }: Text, ageMs: number): void {
    this.lose(to, messages.lastOffset);
    const bytes = messages.forgetSound();
    this.#texts.add({ item: { messages, to }, endedAt: performance.now() - ageMs, bytes });
  }

  /** Takes note that nothing is left of messages up to `offset`. */
  lose(to: Audience, offset: number): void {
    for (const name of to === "all" ? [to] : to)
      this.#forgotten.set(name, Math.max(this.#forgotten.get(name) ?? 0, offset));
  }

  /** Whether everything that was said to a player after `offset` is still known, sound included. */
  covers(player: string, offset: number): boolean {
    this.#forget();
    const forgotten = Math.max(this.#forgotten.get("all") ?? 0, this.#forgotten.get(player) ?? 0);
    return forgotten <= offset;
  }

  /** In one look: who asks for one after the other may get an utterance twice, as its sound is forgotten in between. */
  get #known(): { utterances: readonly ActiveUtterance[]; texts: readonly Text[] } {
    this.#forget();
    return { utterances: this.#kept.items, texts: this.#texts.items };
  }

  #forget(): void {
    const { keepMs, historyBytes } = this.#limits;
    for (const { item, endedAt } of this.#kept.clear(keepMs, historyBytes)) {
      const { messages, request } = item;
      // Utterances do not end in the order in which they begin.
      this.lose(request.to, messages.lastOffset);
      const bytes = messages.forgetSound();
      this.#texts.add({ item: { messages, to: request.to }, endedAt, bytes });
    }
    this.#texts.clear(TEXT_MS, TEXT_BYTES);
  }
}

/** Utterances in the order in which they ended. */
class Shelf<Item> {
  #kept: Kept<Item>[] = [];
  #bytes = 0;

  get items(): Item[] {
    return this.#kept.map(({ item }) => item);
  }

  add(kept: Kept<Item>): void {
    this.#kept.push(kept);
    this.#bytes += kept.bytes;
  }

  /** Takes out the oldest until all are younger than `ms` and no larger than `bytes` together. */
  clear(ms: number, bytes: number): Kept<Item>[] {
    const before = performance.now() - ms;
    const gone: Kept<Item>[] = [];
    for (let oldest = this.#kept[0]; oldest; oldest = this.#kept[0]) {
      if (oldest.endedAt >= before && this.#bytes <= bytes) break;
      this.#kept.shift();
      this.#bytes -= oldest.bytes;
      gone.push(oldest);
    }
    return gone;
  }
}

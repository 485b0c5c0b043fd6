import type { Audience } from "../../../core/protocol/speak-request.ts";
import type { ResumePoint } from "../../../core/protocol/v2.ts";
import type { Dm20History, Dm20Text } from "../../fan-out/dm20-history.ts";
import { MessageLog } from "../../fan-out/message-log.ts";
import { dm20Text } from "../../request/resolved-request.ts";
import type { Sequencer } from "../../transport/sequencer.ts";
import { type History, TEXT_BYTES, TEXT_MS } from "../history.ts";
import { type KeptUtterance, lastOffsetOf } from "../kept-utterances.ts";
import type { UtteranceJournal } from "../utterance-journal.ts";
import type { RestoredText } from "./restored-line.ts";
import { StillHeard, type StillHeardOptions } from "./still-heard.ts";

/** Of no line: one that a client had open, and of which nothing is left. */
const NO_HANDLE = -1;

/** What processes before have said, for clients who come back from them. */
export class RestoredUtterances {
  /** In the order in which they began. */
  readonly texts: readonly RestoredText[];
  /** The same as dm20 has them. */
  get dm20Texts(): Dm20Text[] {
    return this.texts.map(({ kept: { begin, texts } }) => {
      const { id, to, at, offset, head } = begin;
      const { speaker, name, colour } = head;
      const shown = name !== undefined && colour !== undefined ? { name, colour } : undefined;
      const content = texts.map(({ text }) => text).join(" ");
      return {
        to,
        firstOffset: offset,
        at,
        message: dm20Text({ id, to, speaker, shown }, content, undefined, at),
      };
    });
  }

  /** The last number of each line of which not even the text is told any more, and of those that are not kept. */
  readonly lost: readonly { to: Audience; offset: number }[];
  /** Those that listeners may still be hearing. */
  readonly stillHeard: StillHeard;
  readonly #epochs: ReadonlySet<string>;

  /** @param sequencer of this process, whose numbers are higher than those of the ones before */
  constructor(sequencer: Sequencer, options: StillHeardOptions) {
    const { journal } = options;
    this.#epochs = new Set(journal.epochs);
    const recent = recentOf(journal);
    this.lost = [
      { to: "all", offset: journal.droppedOffset },
      ...journal.past
        .filter((kept) => !recent.includes(kept))
        .map((kept) => ({ to: kept.begin.to, offset: lastOffsetOf(kept) })),
    ];
    this.texts = recent.map((kept) => {
      const messages = messagesOf(kept, sequencer);
      return { kept, messages, to: kept.begin.to, ageMs: journal.ageOf(kept.begin) };
    });
    this.stillHeard = new StillHeard(this.texts, options);
  }

  /** Has them told to who comes back. */
  tellBy(history: History, dm20History: Dm20History): this {
    for (const { to, offset } of this.lost) history.lose(to, offset);
    for (const text of this.texts) history.restore(text, text.ageMs);
    for (const text of this.dm20Texts) dm20History.add(text);
    return this;
  }

  /** Where a client of one of those processes was; undefined where nothing is known of the one it comes from. */
  translate(point: ResumePoint): ResumePoint | undefined {
    if (!this.#epochs.has(point.epoch)) return undefined;
    // Handles are given out anew.
    const utterances = point.utterances.map(([handle, sequence]) => {
      const isIt = ({ kept: { begin } }: RestoredText): boolean =>
        begin.epoch === point.epoch && begin.handle === handle;
      const line = this.texts.find(isIt);
      return [line?.messages.handle ?? NO_HANDLE, sequence] as const;
    });
    return { ...point, utterances };
  }
}

/** The latest lines that a client may still be told. */
function recentOf(journal: UtteranceJournal): KeptUtterance[] {
  const recent: KeptUtterance[] = [];
  let chars = 0;
  for (const kept of [...journal.past].reverse()) {
    chars += kept.texts.reduce((sum, { text }) => sum + text.length, 0);
    if (chars > TEXT_BYTES || journal.ageOf(kept.begin) > TEXT_MS) break;
    if (kept.texts.some(({ offset }) => offset !== undefined)) recent.unshift(kept);
  }
  return recent;
}

/** A line's messages with the numbers that they had; its end, which each listener is told, gets a new one. */
function messagesOf({ begin, texts, over, hasHole }: KeptUtterance, sequencer: Sequencer): MessageLog {
  let given: number | undefined = begin.offset;
  const numbers = {
    nextHandle: () => sequencer.nextHandle(),
    nextOffset: () => given ?? sequencer.nextOffset(),
  };
  const messages = new MessageLog(numbers, { ...begin.head, utterance: begin.id, interrupt: false });
  for (const { offset, sentence, text } of texts) {
    given = offset;
    if (offset !== undefined) messages.text(sentence, text);
  }
  given = over?.offset;
  if (over?.state === "cancelled" && given !== undefined) messages.cancel("cancelled");
  if (over?.state === "broken-off" || hasHole) messages.breakOff();
  given = undefined;
  return messages;
}

import type { ResumePoint } from "../../core/protocol/v2.ts";
import { MessageLog } from "../fan-out/message-log.ts";
import type { Sequencer } from "../transport/sequencer.ts";
import { type SilentLine, TEXT_BYTES, TEXT_MS } from "./history.ts";
import type { KeptUtterance } from "./kept-utterances.ts";
import type { UtteranceJournal } from "./utterance-journal.ts";

/** A place in what processes before have told their clients, and in this one's numbers. */
interface Mark {
  life: number;
  offset: number;
  here: number;
}

/** A line that a process before has said, numbered as if this one had. */
export interface RestoredLine extends SilentLine {
  kept: KeptUtterance;
  ageMs: number;
}

/** What processes before have said, for clients who come back from them. */
export class RestoredUtterances {
  /** In the order in which they began. */
  readonly lines: readonly RestoredLine[];
  readonly #epochs: readonly string[];
  /** In order. */
  readonly #marks: readonly Mark[];

  private constructor(epochs: readonly string[], lines: readonly RestoredLine[], marks: readonly Mark[]) {
    this.#epochs = epochs;
    this.lines = lines;
    this.#marks = marks;
  }

  /** Numbers what is kept anew, in the order in which it was told. */
  static from(journal: UtteranceJournal, sequencer: Sequencer): RestoredUtterances {
    const { epochs } = journal;
    const lines: RestoredLine[] = [];
    const marks: Mark[] = [];
    for (const { life, offset, tell } of tellings(recentOf(journal), epochs)) {
      tell(sequencer, (kept, messages) =>
        lines.push({ kept, messages, request: { to: kept.begin.to }, ageMs: journal.ageOf(kept.begin) }),
      );
      marks.push({ life, offset, here: sequencer.offset });
    }
    return new RestoredUtterances(epochs, lines, marks);
  }

  /** Where a client was, in this process's numbers; undefined where nothing is known of the one it comes from. */
  translate(point: ResumePoint): ResumePoint | undefined {
    const offset = this.offsetOf(point);
    if (offset === undefined) return undefined;
    const utterances = point.utterances.flatMap(([handle, sequence]) => {
      const line = this.lines.find(
        ({ kept: { begin } }) => begin.epoch === point.epoch && begin.handle === handle,
      );
      return line ? [[line.messages.handle, sequence] as const] : [];
    });
    return { epoch: point.epoch, offset, utterances };
  }

  /** The number of the last message that is known of those up to a place; undefined where its process is not known. */
  offsetOf({ epoch, offset }: { epoch: string; offset: number }): number | undefined {
    const life = this.#epochs.indexOf(epoch);
    if (life < 0) return undefined;
    const last = this.#marks.findLast(
      (mark) => mark.life < life || (mark.life === life && mark.offset <= offset),
    );
    return last?.here ?? 0;
  }
}

interface Telling {
  life: number;
  offset: number;
  tell(sequencer: Sequencer, onBegin: (kept: KeptUtterance, messages: MessageLog) => void): void;
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

/** Every message of the lines, in the order in which they were sent. */
function tellings(lines: readonly KeptUtterance[], epochs: readonly string[]): Telling[] {
  const all = lines.flatMap((kept): Telling[] => {
    const { begin, texts, over } = kept;
    const life = epochs.indexOf(begin.epoch);
    let messages: MessageLog | undefined;
    const beginning: Telling = {
      life,
      offset: begin.offset,
      tell(sequencer, onBegin) {
        messages = new MessageLog(sequencer, { ...begin.head, utterance: begin.id, interrupt: false });
        if (over?.state === "broken-off") messages.breakOff();
        onBegin(kept, messages);
      },
    };
    const told = texts.flatMap(({ offset, sentence, text }): Telling[] =>
      offset === undefined ? [] : [{ life, offset, tell: () => messages?.text(sentence, text) }],
    );
    const end: Telling[] =
      over?.state === "cancelled" && over.offset !== undefined
        ? [{ life, offset: over.offset, tell: () => messages?.cancel("cancelled") }]
        : [];
    return [beginning, ...told, ...end];
  });
  return all.sort((a, b) => a.life - b.life || a.offset - b.offset);
}

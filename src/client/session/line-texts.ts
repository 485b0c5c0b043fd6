import type { SpeechBeginMessage, SpeechTextMessage } from "../../core/protocol/v2.ts";
import type { Line, LineSentence } from "./line.ts";

/** Lines whose text may still grow; beyond it the oldest stay as they are. */
const MAX_LINES = 256;
/** Sentences of one line; the rest is not shown. A text of the greatest length allowed has fewer. */
const MAX_SENTENCES = 10_000;

interface GrowingLine {
  head: Omit<Line, "content" | "sentences">;
  sentences: SpeechTextMessage[];
}

/** Puts lines together from their sentences, in whichever order these come. */
export class LineTexts {
  readonly #lines = new Map<string, GrowingLine>();

  begin({ utterance, private: isPrivate, speaker }: SpeechBeginMessage): void {
    const ears = isPrivate ? { private: true, from: speaker } : { private: false };
    const head = { id: utterance, ...ears, timestamp: new Date().toISOString() };
    const known = this.#lines.get(utterance);
    if (!known) this.#add(utterance, { head, sentences: [] });
  }

  /** Takes a sentence; returns its line as it is now. Of a line that never began it is only text. */
  sentence(message: SpeechTextMessage): Line {
    const { utterance } = message;
    const line = this.#lines.get(utterance) ?? this.#add(utterance, anonymous(utterance));
    const at = line.sentences.findIndex(({ sentence }) => sentence >= message.sentence);
    if (at >= 0 && line.sentences[at]?.sentence === message.sentence) line.sentences[at] = message;
    else if (line.sentences.length < MAX_SENTENCES) {
      line.sentences.splice(at < 0 ? line.sentences.length : at, 0, message);
    }
    return lineOf(line);
  }

  /** The line as it is now, if it has any text. */
  line(utterance: string): Line | undefined {
    const line = this.#lines.get(utterance);
    return line && line.sentences.length > 0 ? lineOf(line) : undefined;
  }

  #add(utterance: string, line: GrowingLine): GrowingLine {
    this.#lines.set(utterance, line);
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size <= MAX_LINES) break;
      this.#lines.delete(oldest);
    }
    return line;
  }
}

function anonymous(id: string): GrowingLine {
  return { head: { id, private: false, timestamp: new Date().toISOString() }, sentences: [] };
}

function lineOf({ head, sentences }: GrowingLine): Line {
  let start = 0;
  const placed = sentences.map(({ sentence, text, atMs, words }): LineSentence => {
    const place = { sentence, text, start };
    start += text.length + 1;
    return { ...place, ...(atMs === undefined ? {} : { atMs }), ...(words ? { words } : {}) };
  });
  return { ...head, content: sentences.map(({ text }) => text).join(" "), sentences: placed };
}

import type { SpeechBeginMessage, SpeechTextMessage } from "../../core/protocol/v2.ts";
import type { Line, LineSentence } from "./line.ts";

/** Utterances whose text may still grow; beyond it the oldest stay as they are. */
const MAX_TRANSCRIPTS = 256;
/** Sentences of one utterance; the rest is not shown. A text of the greatest length allowed has fewer. */
const MAX_SENTENCES = 10_000;

/** A place in an utterance's text. */
export interface TextPlace {
  sentence: number;
  /** Where the word stands in the sentence: UTF-16 units. Unknown without the times of words. */
  charStart?: number;
  charLength?: number;
}

/** An utterance's sentences in order, in whichever order they come, and what is said when. */
export class Transcript {
  readonly #sentences: SpeechTextMessage[] = [];

  /** Takes a sentence, or the same one with the times of its words. */
  add(message: SpeechTextMessage): void {
    const all = this.#sentences;
    const at = all.findIndex(({ sentence }) => sentence >= message.sentence);
    if (at >= 0 && all[at]?.sentence === message.sentence) all[at] = message;
    else if (all.length < MAX_SENTENCES) all.splice(at < 0 ? all.length : at, 0, message);
  }

  /** A sentence's text; undefined before it came. */
  textOf(sentence: number): string | undefined {
    return this.#sentences.find((message) => message.sentence === sentence)?.text;
  }

  /** What is being said at `ms` of the utterance; a word lasts until the next one begins. */
  placeAt(ms: number): TextPlace | undefined {
    const current = this.#sentences.findLast(({ atMs }) => atMs !== undefined && atMs <= ms);
    if (!current) return undefined;
    const word = current.words?.findLast(([, , startMs]) => startMs <= ms);
    const { sentence } = current;
    return word ? { sentence, charStart: word[0], charLength: word[1] } : { sentence };
  }

  /** All of its text so far. */
  get content(): string {
    return this.#sentences.map(({ text }) => text).join(" ");
  }

  /** Its sentences, and where each begins in `content`. */
  get sentences(): LineSentence[] {
    let start = 0;
    return this.#sentences.map(({ sentence, text, atMs, words }) => {
      const place = { sentence, text, start };
      start += text.length + 1;
      return { ...place, ...(atMs === undefined ? {} : { atMs }), ...(words ? { words } : {}) };
    });
  }
}

type Head = Omit<Line, "content" | "sentences">;

/** The texts of the last utterances, each as the line that a page shows. */
export class Transcripts {
  readonly #all = new Map<string, { head: Head; transcript: Transcript; isOver?: boolean }>();

  begin({ utterance, private: isPrivate, speaker, name, colour, reveal }: SpeechBeginMessage): void {
    const who = { speaker, ...(name && { name, colour }), ...(reveal && { reveal }) };
    this.#open(utterance, { private: isPrivate, ...(isPrivate && { from: speaker }), ...who });
  }

  /** Takes a sentence; returns its line as it is now. Of one that never began there is only text. */
  sentence(message: SpeechTextMessage): Line {
    this.#open(message.utterance, { private: false }).add(message);
    return this.line(message.utterance) as Line;
  }

  /** The line as it is now, if it has any text. */
  line(utterance: string): Line | undefined {
    const { head, transcript } = this.#all.get(utterance) ?? {};
    const sentences = transcript?.sentences;
    if (!head || !sentences?.length) return undefined;
    return { ...head, content: transcript?.content ?? "", sentences };
  }

  /** No text follows: the line, if it has any text, the first time. */
  over(utterance: string): Line | undefined {
    const known = this.#all.get(utterance);
    if (!known || known.isOver) return undefined;
    known.isOver = true;
    return this.line(utterance);
  }

  #open(id: string, audience: Omit<Head, "id" | "timestamp">): Transcript {
    const known = this.#all.get(id);
    if (known) return known.transcript;
    const transcript = new Transcript();
    this.#all.set(id, { head: { id, ...audience, timestamp: new Date().toISOString() }, transcript });
    for (const oldest of this.#all.keys()) {
      if (this.#all.size <= MAX_TRANSCRIPTS) break;
      this.#all.delete(oldest);
    }
    return transcript;
  }
}

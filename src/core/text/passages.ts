import { BardcastError } from "../errors.ts";
import { MarkupReader, type Run } from "./markup.ts";
import { MAX_PAUSE_MS } from "./markup-token.ts";
import { SentenceSplitter, type TextSource } from "./sentences.ts";
import { PLAIN, type SpeakingStyle, sameStyle } from "./speaking-style.ts";
import { deltasOf } from "./text-source.ts";

/** A sentence, or as much of one as is said in one manner. */
export interface Passage {
  /** As it is shown; empty only for a pause at the end of the text. */
  text: string;
  manner: SpeakingStyle;
  /** ms of silence before it. */
  pauseMs: number;
}

/** Belongs to the word before it, although a tag stands between: `[whisper]Run[/whisper]!` */
const CLOSING = /^[.,;:!?…)\]"”’»]+/u;

/** Cuts text that arrives in deltas into passages, as `SentenceSplitter` does into sentences. */
export class PassageSplitter {
  readonly #reader = new MarkupReader();
  readonly #sentences: SentenceSplitter;
  #manner: SpeakingStyle = PLAIN;
  #pauseMs = 0;
  /** The last character said, where nothing has ended since. */
  #last = "";

  /** @param language BCP 47 */
  constructor(language?: string) {
    this.#sentences = new SentenceSplitter(language);
  }

  /** Takes the next delta; returns the passages it completed. */
  push(delta: string): Passage[] {
    return this.#reader.push(delta).flatMap((run) => this.#take(run));
  }

  /** The text has ended: what is left. */
  flush(): Passage[] {
    const rest = this.#reader.flush().flatMap((run) => this.#take(run));
    rest.push(...this.#cut());
    if (this.#pauseMs > 0) rest.push(...this.#passages([""]));
    return rest;
  }

  #take(run: Run): Passage[] {
    if (run.type === "text") return this.#say(run.text, run.manner);
    if (run.ms === 0) return [];
    const passages = this.#cut();
    this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs + run.ms);
    return passages;
  }

  #say(text: string, manner: SpeakingStyle): Passage[] {
    if (sameStyle(manner, this.#manner)) return this.#passages(this.#push(text));
    const [closing = ""] = (/\S/u.test(this.#last) && CLOSING.exec(text)) || [];
    const passages = this.#passages(this.#push(closing));
    if (closing === text) return passages;
    passages.push(...this.#cut());
    this.#manner = manner;
    return [...passages, ...this.#passages(this.#push(text.slice(closing.length)))];
  }

  #push(text: string): string[] {
    this.#last = text.at(-1) ?? this.#last;
    return this.#sentences.push(text);
  }

  #cut(): Passage[] {
    this.#last = "";
    return this.#passages(this.#sentences.flush());
  }

  #passages(texts: readonly string[]): Passage[] {
    return texts.map((text) => {
      const pauseMs = this.#pauseMs;
      this.#pauseMs = 0;
      return { text, manner: this.#manner, pauseMs };
    });
  }
}

/**
 * Passages as they become complete.
 * @throws BardcastError `text-too-long` as soon as more than `maxChars` have arrived, `text-empty` where it was
 * nothing but white space to its end; whatever `deltasOf` throws
 */
export async function* passagesOf(
  text: TextSource,
  options: { language?: string; maxChars: number; signal?: AbortSignal },
): AsyncGenerator<Passage, void, undefined> {
  const splitter = new PassageSplitter(options.language);
  let length = 0;
  let isEmpty = true;
  for await (const delta of deltasOf(text, options.signal)) {
    length += delta.length;
    isEmpty &&= isBlank(delta);
    if (length > options.maxChars) {
      throw new BardcastError("text-too-long", `the text is longer than ${options.maxChars} characters`);
    }
    yield* splitter.push(delta);
  }
  if (isEmpty) throw noText();
  yield* splitter.flush();
}

/** Nothing to say, nor to do: a tag is more than that, if only a pause. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** What is said of a blank text. */
export function noText(): BardcastError {
  return new BardcastError("text-empty", "there is no text to say");
}

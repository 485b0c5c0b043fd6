import type { WordTime } from "../../../core/dsp/audio.ts";
import { coded, toWire, type WireError } from "../../../core/errors.ts";
import type { Cue } from "../../../core/text/cues.ts";
import type { LineSink } from "../../fan-out/line-parts.ts";
import type { Sentence } from "../sentence.ts";

/** Finds a sound of the place by the name that a text calls it. @throws BardcastError `not-found` */
export type FindSound = (name: string) => Promise<FoundSound>;

export interface FoundSound {
  /** Name of a built-in one, or id of a file. */
  sound: string;
  gain: number;
}

/** Sounds that one line may call. */
const MAX_SOUNDS = 100;
const MAX_SEED = 2 ** 32;

/**
 * The sounds that the text of one line calls: looked for as soon as they are read, and told to its listeners once it is
 * known when their words are heard. Nothing waits for them.
 */
export class LineSounds {
  readonly #find: FindSound;
  readonly #sink: LineSink;
  readonly #note: (problem: WireError) => void;
  readonly #found = new Map<string, Promise<FoundSound | undefined>>();
  #called = 0;
  #telling: Promise<void> = Promise.resolve();

  /** @param note takes what is wrong with a name */
  constructor(find: FindSound, sink: LineSink, note: (problem: WireError) => void) {
    this.#find = find;
    this.#sink = sink;
    this.#note = note;
  }

  /** A sentence was read. */
  read({ cues }: Pick<Sentence, "cues">): void {
    for (const { name } of cues) if (!this.#found.has(name)) this.#found.set(name, this.#look(name));
  }

  /** A sentence begins to be spoken, at `atMs` of the line. */
  begin({ cues }: Pick<Sentence, "cues">, atMs: number): SentenceSounds {
    const few = cues.slice(0, Math.max(0, MAX_SOUNDS - this.#called));
    this.#called += few.length;
    return new SentenceSounds(few, atMs, (name, ms) => this.#tell(name, ms));
  }

  /** In their order, however long each is looked for. */
  #tell(name: string, atMs: number): void {
    this.#telling = this.#telling.then(async () => {
      const found = await this.#found.get(name);
      const seed = Math.floor(Math.random() * MAX_SEED);
      if (found) this.#sink.message({ is: "sound", ...found, seed, atMs });
    });
  }

  async #look(name: string): Promise<FoundSound | undefined> {
    try {
      if (this.#found.size >= MAX_SOUNDS) return undefined;
      return await this.#find(name);
    } catch (error) {
      const { code, message } = toWire(coded(error, "internal"));
      const why = code === "not-found" ? message : `it cannot be had: ${message}`;
      this.#note({
        code: "markup-unknown",
        message: `[sound ${name}] was passed over: ${why}`,
        retryable: false,
      });
      return undefined;
    }
  }
}

/** The sounds of one sentence that is being spoken: what is known of its words comes bit by bit. */
class SentenceSounds {
  #cues: readonly Cue[];
  /** ms of the line at which what was said of it ends. */
  #endMs: number;
  readonly #tell: (name: string, atMs: number) => void;

  constructor(cues: readonly Cue[], atMs: number, tell: (name: string, atMs: number) => void) {
    this.#cues = cues;
    this.#endMs = atMs;
    this.#tell = tell;
  }

  /** It is known when these words are heard, from `atMs` of the line on. */
  words(words: readonly WordTime[], atMs: number): void {
    for (const [from, length, startMs, endMs] of words) {
      for (const { at, name } of this.#cues)
        if (from + length > at) this.#tell(name, Math.round(atMs + startMs));
      this.#cues = this.#cues.filter(({ at }) => from + length <= at);
      this.#endMs = atMs + endMs;
    }
  }

  /** All of it is spoken: what is left stands behind its last word. */
  end(): void {
    for (const { name } of this.#cues) this.#tell(name, Math.round(this.#endMs));
    this.#cues = [];
  }
}

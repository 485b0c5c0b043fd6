import type { WordTime } from "../../../core/dsp/audio.ts";
import { coded, toWire, type WireError } from "../../../core/errors.ts";
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

  /** It is known when the words of a sentence are heard, from its beginning at `atMs` of the line. */
  timed({ cues, shown }: Pick<Sentence, "cues" | "shown">, words: readonly WordTime[], atMs: number): void {
    for (const { at, name } of cues) {
      if (this.#called++ >= MAX_SOUNDS) return;
      const next = words.find(([from, length]) => from + length > at);
      const last = shown === "" ? 0 : (words.at(-1)?.[3] ?? 0);
      void this.#tell(name, Math.round(atMs + (next?.[2] ?? last)));
    }
  }

  async #tell(name: string, atMs: number): Promise<void> {
    const found = await this.#found.get(name);
    const seed = Math.floor(Math.random() * MAX_SEED);
    if (found) this.#sink.message({ is: "sound", ...found, seed, atMs });
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

import { BardcastError } from "../../core/errors.ts";

/** The part of `eld` that is used here. */
interface Detector {
  detect(text: string): { language: string };
  setLanguageSubset(languages: string[]): unknown;
}

/** Languages that are told apart: those that are written out, and their neighbours. */
const LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "pl", "nl", "sv"];
/** Letters that a guess needs: names alone mislead it. */
const MIN_LETTERS = 40;
/** Characters that it looks back. */
const WINDOW = 400;

/**
 * Guesses in which language a line goes on, for voices with `language: auto`, by the package `eld`, an optional peer. One
 * paragraph is one language: a guess is made of what was said of it so far, once that is long enough. Until then the
 * language of the paragraph before it counts.
 */
export class LanguageGuesser {
  readonly #detector: Detector;
  #said = "";
  #language: string | undefined;

  private constructor(detector: Detector) {
    this.#detector = detector;
  }

  /** @throws BardcastError `engine-unavailable` where the package is not installed */
  static async load(): Promise<LanguageGuesser> {
    try {
      // No bundle needs it that does not ask for it.
      const name = "eld/small";
      const { eld } = (await import(name)) as { eld: Detector };
      eld.setLanguageSubset(LANGUAGES);
      return new LanguageGuesser(eld);
    } catch (cause) {
      const message = "`language: auto` wants a package of its own: npm install eld";
      throw new BardcastError("engine-unavailable", message, { cause });
    }
  }

  /**
   * @param begins whether a paragraph begins with the sentence
   * @returns undefined where too little was said for a guess
   */
  guess(sentence: string, begins: boolean): string | undefined {
    this.#said = begins ? sentence : `${this.#said} ${sentence}`.slice(-WINDOW);
    if ((this.#said.match(/\p{L}/gu) ?? []).length >= MIN_LETTERS) {
      this.#language = this.#detector.detect(this.#said).language || this.#language;
    }
    return this.#language;
  }
}

import type { SpeakingStyle } from "../../core/text/speaking-style.ts";
import { GUESSED, spokenTag } from "../../engines/contract/spoken-language.ts";
import type { SpeakerVoices } from "../request/voice-resolver.ts";
import { LanguageGuesser } from "./language-guesser.ts";

/** The parts of a sentence that decide its language. */
interface Said {
  spoken: { text: string };
  style: SpeakingStyle;
  /** Whether a paragraph begins with it. */
  begins: boolean;
}

/** The language of each sentence of a line: its voice's, or, where that is `auto`, the one that it seems to be in. */
export class LineLanguages {
  readonly #language: string;
  readonly #voices: Pick<SpeakerVoices, "voice" | "voiceNamed"> | undefined;
  readonly #note: (problem: unknown) => void;
  #guesser: Promise<LanguageGuesser | undefined> | undefined;

  constructor(options: {
    language: string;
    voices?: Pick<SpeakerVoices, "voice" | "voiceNamed"> | undefined;
    note?: ((problem: unknown) => void) | undefined;
  }) {
    this.#language = options.language;
    this.#voices = options.voices;
    this.#note = options.note ?? (() => undefined);
  }

  /** Its own language, and the one that it is said in; a promise where that has to be guessed. */
  of(sentence: Said): LanguageOfSentence | Promise<LanguageOfSentence> {
    const { voice: name } = sentence.style;
    const voice = name === undefined ? this.#voices?.voice : this.#voices?.voiceNamed(name);
    if (!voice) return { own: this.#language, said: this.#language };
    const own = spokenTag(voice);
    return voice.language === GUESSED ? this.#guess(sentence, own) : { own, said: own };
  }

  async #guess({ spoken, begins }: Said, otherwise: string): Promise<LanguageOfSentence> {
    const guess = (await this.#guessing())?.guess(spoken.text, begins);
    return { own: GUESSED, said: guess ?? otherwise };
  }

  #guessing(): Promise<LanguageGuesser | undefined> {
    this.#guesser ??= LanguageGuesser.load().catch((error: unknown) => {
      this.#note(error);
      return undefined;
    });
    return this.#guesser;
  }
}

/** BCP 47. */
export interface LanguageOfSentence {
  /** The voice's; `auto` where it is any. */
  own: string;
  /** The sentence's; words in another script may be in another. */
  said: string;
}

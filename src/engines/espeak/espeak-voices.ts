import { FEMALE_VARIANTS } from "../../voices/espeak-variants.ts";
import { genderOf } from "../../voices/voice-gender.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";

/** One of eSpeak's voices, as it lists them. */
export interface EspeakVoice {
  /** The file that defines it, e.g. `gmw/en-US`. */
  identifier: string;
  /** What it speaks, e.g. `en-us`; a lower `priority` is preferred where several voices speak the same. */
  languages: readonly { name: string; priority: number }[];
}

/** A two-letter or three-digit country at the end of a tag, as in `it-IT` and `es-419`. */
const REGION = /-(?:[a-z]{2}|\d{3})$/;

/**
 * Finds eSpeak's name of a voice. eSpeak itself accepts any name and then speaks nonsense, and it does not
 * even know some of the languages that it lists, so nothing but what is found here is given to it.
 */
export class EspeakVoices {
  /** BCP 47 tags, lower-cased. */
  readonly languages: readonly string[];
  readonly #identifiers = new Map<string, string>();
  readonly #variants: ReadonlyMap<string, string>;

  /** @param variants names of the variants that can follow a `+`, e.g. `f3` */
  constructor(voices: readonly EspeakVoice[], variants: readonly string[]) {
    const spoken = voices
      .flatMap(({ identifier, languages }) => languages.map((language) => ({ identifier, ...language })))
      .sort((one, other) => one.priority - other.priority);
    this.languages = [...new Set(spoken.map(({ name }) => name.toLowerCase()))];
    for (const { name, identifier } of spoken) this.#learn(name, identifier);
    for (const { identifier } of voices) {
      this.#learn(identifier, identifier);
      this.#learn(identifier.slice(identifier.lastIndexOf("/") + 1), identifier);
    }
    this.#variants = new Map(variants.map((name) => [name.toLowerCase(), name]));
  }

  /** One for each language; its variants are other people, and a few that are none. */
  list(): EngineVoice[] {
    const variants = [...this.#variants.keys()].sort().map((name) => {
      const suffix = `+${name}`;
      const gender = genderOf(suffix);
      return gender ? { suffix, gender } : { suffix };
    });
    return this.languages.map((language) => ({ id: language, languages: [language], variants }));
  }

  /**
   * What eSpeak calls the voice: `en-US+F3` is `gmw/en-US+f3`. An id that was written for another engine
   * gives way to the language, an unknown variant is left out; upper and lower case are the same.
   * @param options.whispers in the whispering variant of a man or a woman, whatever else the voice is
   * @returns undefined where neither the id nor the language is known
   */
  find(voiceId: string, language: string, options: { whispers?: boolean } = {}): string | undefined {
    const [base = "", variant = ""] = voiceId.toLowerCase().split("+");
    const tag = language.toLowerCase();
    const identifier =
      this.#identifiers.get(base) ?? this.#identifiers.get(base.replace(REGION, "")) ?? this.#closest(tag);
    if (!identifier) return undefined;
    const whisper = FEMALE_VARIANTS.includes(variant) ? "whisperf" : "whisper";
    const known = this.#variants.get(options.whispers ? whisper : variant);
    return known ? `${identifier}+${known}` : identifier;
  }

  #learn(name: string, identifier: string): void {
    const key = name.toLowerCase();
    if (!this.#identifiers.has(key)) this.#identifiers.set(key, identifier);
  }

  /** `zh-hans-cn`, `zh-hans`, `zh`: the first that is known. */
  #closest(tag: string): string | undefined {
    for (let rest = tag; rest !== ""; rest = rest.slice(0, Math.max(0, rest.lastIndexOf("-")))) {
      const identifier = this.#identifiers.get(rest);
      if (identifier) return identifier;
    }
    return undefined;
  }
}

import type { Run } from "../markup.ts";
import type { SpeakingStyle } from "../speaking-style.ts";
import { type Behind, type SpeakerLabel, speakerLabelAt } from "./speaker-label.ts";
import { isNameLike, isNarratorName, speakerKey } from "./speaker-names.ts";

/** A run of text, or what names the speaker of the rest of its line. */
export type CastRun = Run | { type: "label"; text: string };

/** By what name lines know whoever is called so; undefined where nobody is. */
export type KnownSpeakers = (name: string) => string | undefined;

/** Speakers whom nobody knew, of one text: more, and it is no cast that it lists. */
const MAX_NEW = 16;
/** A speech: letters, or marks that it may begin with. */
const SPEECH = /^(?:$|[\p{L}"“”„«»‹‘’'([…—–¡¿!?-])/u;

/**
 * Finds who speaks in text that arrives in runs: a line that begins with a label is said in the voice it names, up to
 * its end. Holds back no more than what may be a label; a text that has none passes as it is.
 */
export class SpeakerReader {
  readonly #known: KnownSpeakers;
  readonly #language: string;
  /** By key: whom nobody knew before. */
  readonly #new = new Map<string, string>();
  #held = "";
  /** Of what is held back. */
  #style: SpeakingStyle = {};
  #isLineStart = true;
  #speaker: string | undefined;

  /** @param language BCP 47 */
  constructor(known: KnownSpeakers, language = "en") {
    this.#known = known;
    this.#language = language.toLowerCase().split(/[-_]/, 1)[0] ?? "en";
  }

  /** What is held back because it may be a label. */
  get held(): string {
    return this.#held;
  }

  push(runs: readonly Run[]): CastRun[] {
    return runs.flatMap((run) => this.#take(run));
  }

  /** The text has ended: what is left. */
  flush(): CastRun[] {
    return this.#release("nothing");
  }

  #take(run: Run): CastRun[] {
    // No label has a tag within it.
    const before = run.type !== "text" || run.style !== this.#style ? this.#release("tag") : [];
    if (run.type !== "text") return [...before, run];
    this.#style = run.style;
    return [...before, ...this.#read(this.#taken() + run.text, run.style, "more")];
  }

  #release(behind: Behind): CastRun[] {
    return this.#held === "" ? [] : this.#read(this.#taken(), this.#style, behind);
  }

  #taken(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #read(given: string, style: SpeakingStyle, behind: Behind): CastRun[] {
    const runs: CastRun[] = [];
    let text = given;
    while (text !== "") {
      if (this.#isLineStart) {
        const label = speakerLabelAt(text, this.#language, behind);
        if (label === "wait") {
          this.#held = text;
          break;
        }
        // Marks before a tag: a label may stand behind it.
        this.#isLineStart = behind === "tag" && /^[\s>*+•-]*$/.test(text);
        const isLabel = label !== "none" && this.#begin(label);
        if (isLabel) {
          this.#isLineStart = false;
          runs.push({ type: "label", text: text.slice(0, label.length) });
          text = text.slice(label.length);
        }
      }
      const end = text.indexOf("\n");
      const to = end < 0 ? text.length : end;
      if (to > 0) runs.push({ type: "text", text: text.slice(0, to), style: this.#in(style) });
      text = text.slice(to);
      if (end < 0) break;
      this.#speaker = undefined;
      this.#isLineStart = true;
      runs.push({ type: "text", text: "\n", style });
      text = text.slice(1);
    }
    return runs;
  }

  /** A voice that a tag names is said in that voice. */
  #in(style: SpeakingStyle): SpeakingStyle {
    return this.#speaker === undefined || style.voice !== undefined
      ? style
      : { ...style, voice: this.#speaker };
  }

  /** Whether it names somebody, who speaks from now on. */
  #begin({ name, isItem, next }: SpeakerLabel): boolean {
    if (isNarratorName(name)) return true;
    const key = speakerKey(name);
    this.#speaker = this.#known(name) ?? this.#new.get(key);
    if (this.#speaker !== undefined) return true;
    if (isItem || !SPEECH.test(next) || !isNameLike(name, this.#language)) return false;
    if (this.#new.size >= MAX_NEW) return false;
    this.#new.set(key, name);
    this.#speaker = name;
    return true;
  }
}

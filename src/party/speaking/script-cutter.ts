import type { Speakable } from "../../core/text/speakable.ts";
import type { SpeakingStyle } from "../../core/text/speaking-style.ts";
import { scriptRuns } from "../../core/text/spoken/scripts.ts";

/** What of a sentence matters here. */
interface Written {
  index: number;
  shown: string;
  spoken: Speakable;
  style: SpeakingStyle;
  pauseMs: number;
}

/** The voice's language and the sentence's, BCP 47. */
interface Languages {
  own: string;
  said: string;
}

/**
 * Cuts sentences where their script changes, as a change of voice does: who speaks the one language need not speak the other.
 * Numbers them anew.
 */
export class ScriptCutter {
  #next = 0;

  /** The sentence as it is, or what of it is in one script each. */
  cut<S extends Written>(sentence: S, { own, said }: Languages): S[] {
    const runs = scriptRuns(sentence.spoken.text, said);
    const places = runs.map(({ from }) => sentence.spoken.inCaption([[from, 1, 0, 0]])[0]?.[0] ?? 0);
    return runs.length === 0
      ? [this.#numbered(sentence)]
      : runs.map(({ from, to, language }, run) => {
          const style = language === own ? sentence.style : { ...sentence.style, language };
          if (runs.length === 1) return this.#numbered({ ...sentence, style });
          const begin = run === 0 ? 0 : (places[run] ?? 0);
          const shown = sentence.shown.slice(begin, places[run + 1]);
          const spoken = part(sentence.spoken, from, to, begin + shown.length - shown.trimStart().length);
          return this.#numbered({
            ...sentence,
            style,
            shown: shown.trim(),
            spoken,
            pauseMs: run === 0 ? sentence.pauseMs : 0,
          });
        });
  }

  #numbered<S extends Written>(sentence: S): S {
    return { ...sentence, index: sentence.shown === "" ? this.#next : this.#next++ };
  }
}

/** @param begin where the part is shown, in the sentence */
function part(spoken: Speakable, from: number, to: number, begin: number): Speakable {
  const all = spoken.text.slice(from, to);
  const start = from + all.length - all.trimStart().length;
  return {
    text: all.trim(),
    inCaption: (words) =>
      spoken
        .inCaption(words.map(([at, length, startMs, endMs]) => [at + start, length, startMs, endMs]))
        .map(([at, length, startMs, endMs]) => [Math.max(0, at - begin), length, startMs, endMs]),
  };
}

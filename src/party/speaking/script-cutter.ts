import { composed } from "../../core/text/piece.ts";
import { type Speakable, speakableOf } from "../../core/text/speakable.ts";
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
          const at = begin + shown.length - shown.trimStart().length;
          const spoken = part(sentence, { from, to, at, length: shown.trim().length });
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

/**
 * What is said in `[from, to)` of a sentence.
 * @param place where the part is shown in the sentence: `at`, `length` characters
 */
function part(
  { shown, spoken }: Written,
  { from, to, at, length }: { from: number; to: number; at: number; length: number },
): Speakable {
  const all = spoken.text.slice(from, to);
  const said = all.trim();
  const start = from + all.length - all.trimStart().length;
  const pieces = composed(shown, spoken.pieces, [{ from: start, to: start + said.length, said }]);
  const within = (place: number): number => Math.max(0, Math.min(length, place - at));
  return speakableOf(
    shown.slice(at, at + length),
    pieces.map((piece) => ({ from: within(piece.from), to: within(piece.to), said: piece.said })),
  );
}

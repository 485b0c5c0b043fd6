import type { Context, Rule } from "../rule.ts";

/** A rule whose pattern is tried exactly where it may begin. */
export function rule(source: string, say: Rule["say"]): Rule {
  return { pattern: new RegExp(source, "uy"), say };
}

/** Only where no letter or digit touches it from the left, so that `R2D2` stays a name. */
export function standing({ pattern, say }: Rule): Rule {
  return { pattern, say: (match, context) => (isTouched(context) ? undefined : say(match, context)) };
}

function isTouched({ before, at, done }: Context): boolean {
  return at > done && /[\p{L}\p{N}_]$|\p{N}[.,:/]$/u.test(before);
}

/** The point of an abbreviation, which is said as a pause only where it ends the sentence as well. */
export function pointAt(text: string, end: number): string {
  return /^["”’')\]]*(?:$|\s+["“‘(]?\p{Lu})/u.test(text.slice(end, end + 8)) ? "." : "";
}

/** Words as alternatives, the longest first. */
export function oneOf(words: readonly string[]): string {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return escaped.sort((one, other) => other.length - one.length).join("|");
}

/** A noun follows, and no word that goes on about the measure. */
export const BEFORE_NOUN: RegExp =
  /^[ -](?!(?:is|was|are|were|of|in|on|at|and|or|by|to|from|with|deep|tall|wide|long|high|thick|away|below|above|down|up|off|per|each|ahead|apart|behind|later|ago|that|which)\b)\p{Ll}/u;

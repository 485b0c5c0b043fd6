import type { Unit } from "./english/units.ts";
import type { LexiconEntry } from "./lexicon.ts";

/** What a campaign says of how its texts are spoken. Plain data, so that it can be kept. */
export interface SpokenSettings {
  lexicon: readonly LexiconEntry[];
  /** Dice, scores and coins as players say them; default true. */
  tableTalk: boolean;
  /** Short forms of the table's own, and what they stand for. */
  shortForms: Readonly<Record<string, string>>;
  /** What else is counted behind a number: `dr` is a drachma, or drachmas. */
  units: Readonly<Record<string, Unit>>;
}

export const PLAIN_SETTINGS: SpokenSettings = { lexicon: [], tableTalk: true, shortForms: {}, units: {} };

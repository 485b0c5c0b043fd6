import { EFFECTS, type EffectName } from "../../../core/dsp/effects/names.ts";

/** A tag that the console offers: what stands before and behind the words it is for. */
export interface Tag {
  /** What it does, as its button says. */
  label: string;
  open: string;
  /** Empty where the tag stands alone. */
  close: string;
}

/** What each effect sounds like. */
export const LIKE: Readonly<Record<EffectName, string>> = {
  cave: "In a cave",
  telepathy: "Inside the head",
  giant: "Huge",
  spirit: "Long dead",
  radio: "Small loudspeaker",
};

/** Stands where a name is to be written. */
const NAME = "name";

/** `docs/markup.md` has them all. */
export const TAGS: readonly Tag[] = [
  { label: "Pause", open: "[pause 500ms]", close: "" },
  { label: "Softly, for all", open: "[whisper]", close: "[/whisper]" },
  { label: "Another’s voice", open: `[voice ${NAME}]`, close: "[/voice]" },
  ...EFFECTS.map((effect) => ({ label: LIKE[effect], open: `[effect ${effect}]`, close: "[/effect]" })),
];

/** A text box's text, and what is selected in it. */
export interface Marked {
  text: string;
  from: number;
  to: number;
}

/** What to put in the place of what is selected, and what is selected then. */
export interface Insertion {
  /** Takes the place of what is selected. */
  words: string;
  from: number;
  to: number;
}

/**
 * Puts a tag around what is selected, or where the caret is. Selected is then what is to be written next: a name, words
 * within the tag, or what follows it.
 */
export function tagged({ text, from, to }: Marked, { open, close }: Tag): Insertion {
  const selected = text.slice(from, to);
  const words = `${open}${selected}${close}`;
  const name = open.indexOf(NAME);
  if (name >= 0) return { words, from: from + name, to: from + name + NAME.length };
  const caret = from + open.length + (selected === "" ? 0 : selected.length + close.length);
  return { words, from: caret, to: caret };
}

import { EFFECTS, type EffectName } from "../../core/dsp/effects/names.ts";

/** A tag that the console offers: what stands before and behind the words it is for. */
export interface Tag {
  /** As its button names it. */
  label: string;
  open: string;
  /** Empty where the tag stands alone. */
  close: string;
  /** What it does. */
  title: string;
}

const LIKE: Readonly<Record<EffectName, string>> = {
  cave: "a voice in a cave",
  telepathy: "a voice inside the head",
  giant: "somebody huge",
  spirit: "somebody long dead",
  radio: "a voice from a small loudspeaker",
};

/** Stands where a name is to be written. */
const NAME = "name";

/** `docs/markup.md` has them all. */
export const TAGS: readonly Tag[] = [
  { label: "pause", open: "[pause 500ms]", close: "", title: "Silence, as long as you write" },
  {
    label: "whisper",
    open: "[whisper]",
    close: "[/whisper]",
    title: "Said in a whisper, and heard by everybody; to tell one player alone, choose them above",
  },
  { label: "voice", open: `[voice ${NAME}]`, close: "[/voice]", title: "In the voice of whom you name" },
  ...EFFECTS.map((effect) => ({
    label: effect,
    open: `[effect ${effect}]`,
    close: "[/effect]",
    title: `Sounds like ${LIKE[effect]}`,
  })),
];

/** A text box's text, and what is selected in it. */
export interface Marked {
  text: string;
  from: number;
  to: number;
}

/**
 * Puts a tag around what is selected, or where the caret is. Selected is then what is to be written next: a name, words
 * within the tag, or what follows it.
 */
export function tagged({ text, from, to }: Marked, { open, close }: Tag): Marked {
  const words = text.slice(from, to);
  const marked = `${text.slice(0, from)}${open}${words}${close}${text.slice(to)}`;
  const name = open.indexOf(NAME);
  if (name >= 0) return { text: marked, from: from + name, to: from + name + NAME.length };
  const caret = from + open.length + (words === "" ? 0 : words.length + close.length);
  return { text: marked, from: caret, to: caret };
}

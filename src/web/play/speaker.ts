import { displayName } from "../shared/names.ts";
import type { Caption } from "./caption.ts";

/** Custom properties of the style sheet; amber is the game master's. */
const COLOURS = ["rose", "moss-name", "sea", "violet", "copper"] as const;

/** Who speaks, as it is shown; undefined where that is not known. */
export function speakerName({ speaker, from }: Caption): string | undefined {
  const id = speaker ?? from;
  return id === undefined ? undefined : displayName(id);
}

/** The colour that tells a speaker apart, as a custom property's name: the same for the same one. */
export function speakerColour({ speaker }: Pick<Caption, "speaker">): string {
  if (speaker === undefined || speaker === "dm") return "--amber";
  const sum = [...speaker].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return `--${COLOURS[sum % COLOURS.length]}`;
}

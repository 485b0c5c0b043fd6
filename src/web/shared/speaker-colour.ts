import { stableHash } from "../../core/stable-choice.ts";

/** As the style sheet names them; the game master's is that of the candle. */
const COLOURS = ["rose", "moss-name", "sea", "violet", "copper"] as const;

/** A speaker's colour as a style, the same on every page. */
export function speakerColour(speaker: string): string {
  const colour = speaker === "dm" ? "amber" : COLOURS[stableHash(speaker.toLowerCase()) % COLOURS.length];
  return `--c: var(--${colour})`;
}

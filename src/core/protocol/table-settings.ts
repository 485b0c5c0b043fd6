/**
 * When a line's text appears on players' pages: as soon as it is written, though the line may still wait (`early`); whole,
 * when its turn to be heard has come (`at-once`); sentence by sentence, or word by word, as they are spoken.
 */
export const REVEALS = ["early", "at-once", "sentence", "word"] as const;
export type Reveal = (typeof REVEALS)[number];

/** Which lines are heard; the others are only read. Narration is what the DM says, and combat. */
export const SOUNDS = ["all", "narration", "characters", "none"] as const;
export type Sounds = (typeof SOUNDS)[number];

/** Whether somebody who wants to hear these hears a line. */
export function areHeard(sounds: Sounds, isNarration: boolean): boolean {
  return sounds === "all" || sounds === (isNarration ? "narration" : "characters");
}

/**
 * Whether a player's devices sound with a line. At a table with loudspeakers what is for everyone sounds on those alone, and
 * what is for some of the players on all others: a whisper is never on a loudspeaker.
 * @param isLoudspeaker undefined: the table has none, and every device sounds
 */
export function soundsAt(isLoudspeaker: boolean | undefined, isPrivate: boolean): boolean {
  return isLoudspeaker === undefined || isLoudspeaker !== isPrivate;
}

/** What the DM has chosen for the whole table. */
export interface TableSettings {
  /** When a line's text appears, where the line does not say. */
  reveal: Reveal;
  /** Which lines are spoken, where the line does not say. */
  sounds: Sounds;
  /** Players whose devices are the table's loudspeakers; none: every device sounds. */
  loudspeakers: readonly string[];
}

export const FIRST_SETTINGS: TableSettings = { reveal: "at-once", sounds: "all", loudspeakers: [] };

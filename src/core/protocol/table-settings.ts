/**
 * When a line's text appears on players' pages: as soon as it is written, though the line may still wait (`early`); whole,
 * when its turn to be heard has come (`at-once`); sentence by sentence, or word by word, as they are spoken.
 */
export const REVEALS = ["early", "at-once", "sentence", "word"] as const;
export type Reveal = (typeof REVEALS)[number];

/** What the DM has chosen for the whole table. */
export interface TableSettings {
  /** When a line's text appears, where the line does not say. */
  reveal: Reveal;
}

export const FIRST_SETTINGS: TableSettings = { reveal: "at-once" };

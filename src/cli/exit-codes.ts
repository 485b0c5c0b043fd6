/** What a command ends with, for scripts; README lists them. */
export const EXIT = {
  done: 0,
  /** For the reason that was told. */
  failed: 1,
  /** Said, and nobody who was addressed got all of it. */
  unheard: 2,
} as const;

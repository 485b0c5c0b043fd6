/** One second of speech. */
export const SHORT = "The dragon roars!";

/** Three and a half. */
export const SENTENCE = "The dragon sleeps beneath the old mountain and dreams of gold.";

/** Plain prose, whose sentences are told by a look. */
export const PROSE = "The old gate creaks, and nobody moves. Run, she said. You have 12 gp and a rope. ";

/** 75 seconds of speech that begin with the same second. */
export const LONG: string = `${SHORT} ${`${SENTENCE} `.repeat(22)}`;

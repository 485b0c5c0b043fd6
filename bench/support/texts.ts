/** One second of speech. */
export const SHORT = "The dragon roars!";

/** Three and a half. */
export const SENTENCE = "The dragon sleeps beneath the old mountain and dreams of gold.";

/** 75 seconds of speech that begin with the same second. */
export const LONG: string = `${SHORT} ${`${SENTENCE} `.repeat(22)}`;

/** One second of speech. */
export const SHORT = "The dragon roars!";

/** 75 seconds of speech that begin with the same second. */
export const LONG: string = `${SHORT} ${"The dragon sleeps beneath the old mountain and dreams of gold. ".repeat(22)}`;

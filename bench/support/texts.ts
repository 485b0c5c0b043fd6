/** One second of speech. */
export const SHORT = "The dragon roars!";

/** 75 seconds of speech that begin with the same second. */
export const LONG: string = `${SHORT} ${"The dragon sleeps beneath the old mountain and dreams of gold. ".repeat(22)}`;

/** Ten seconds of speech in four sentences. */
export const TEN_SECONDS: string =
  "The dragon sleeps beneath the old mountain. It dreams of gold and of older fires. " +
  "Somewhere above, a door of iron falls shut. Nobody in the valley hears it.";

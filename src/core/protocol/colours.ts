/** The colours that tell characters apart; a page has a shade of each for the day and one for the night. */
export const COLOURS = ["amber", "rose", "moss", "sea", "violet", "copper"] as const;
export type Colour = (typeof COLOURS)[number];

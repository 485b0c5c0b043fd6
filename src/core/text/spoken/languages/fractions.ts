import type { Notation } from "./notation.ts";

type Say = Notation["fraction"];

/**
 * Halves, thirds and quarters in one language: `3/4` is 3 of the last; other parts are left to the engine.
 * @param words half by itself and behind a whole number, between the two, one third, many, one quarter, many
 * @param oneAndHalf where 1½ is a word
 */
function fractionIn(words: string, oneAndHalf?: string): Say {
  const [half, behind, joins, third = "", thirds = "", quarter = "", quarters = ""] = words.split("|");
  return (count, of, whole) => {
    if (of > 4) return undefined;
    if (of === 2)
      return whole === undefined ? half : whole === "1" && oneAndHalf ? oneAndHalf : whole + behind;
    const [one, many] = of === 3 ? [third, thirds] : [quarter, quarters];
    return `${whole === undefined ? "" : whole + joins}${count === 1 ? one : `${count} ${many}`}`;
  };
}

export const germanFraction: Say = fractionIn(
  "ein halb| einhalb| und |ein Drittel|Drittel|ein Viertel|Viertel",
  "eineinhalb",
);
export const frenchFraction: Say = fractionIn("un demi| et demi| et |un tiers|tiers|un quart|quarts");
export const spanishFraction: Say = fractionIn("medio| y medio| y |un tercio|tercios|un cuarto|cuartos");
export const italianFraction: Say = fractionIn("mezzo| e mezzo| e |un terzo|terzi|un quarto|quarti");
export const portugueseFraction: Say = fractionIn("meio| e meio| e |um terço|terços|um quarto|quartos");
export const polishFraction: Say = fractionIn(
  "pół| i pół| i |jedna trzecia|trzecie|jedna czwarta|czwarte",
  "półtora",
);
export const russianFraction: Say = fractionIn(
  "половина| с половиной| и |одна треть|трети|одна четверть|четверти",
  "полтора",
);

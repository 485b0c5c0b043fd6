import type { Notation } from "./notation.ts";

type Say = Notation["fraction"];

/** Names of parts from a third to a tenth, one and many of them. */
function partsOf(list: string): readonly (readonly [one: string, many: string])[] {
  return list.split(" ").map((pair) => {
    const [one = "", many = one] = pair.split("/");
    return [one, many] as const;
  });
}

interface Words {
  /** One part of something, and half of it by itself. */
  one: string;
  half: string;
  /** Between a whole number and its part. */
  joins: string;
  parts: readonly (readonly [one: string, many: string])[];
}

/** `3/4` is 3 quarters of the language. */
function fractionIn({ one, half, joins, parts }: Words): Say {
  return (count, of, whole) => {
    const front = whole === undefined ? "" : `${whole}${joins}`;
    if (of === 2) return `${front}${half}`;
    const name = parts[of - 3]?.[count === 1 ? 0 : 1];
    return name && `${front}${count === 1 ? one : count} ${name}`;
  };
}

const germanParts = fractionIn({
  one: "ein",
  half: "ein halb",
  joins: " und ",
  parts: partsOf("Drittel Viertel Fünftel Sechstel Siebtel Achtel Neuntel Zehntel"),
});

export const germanFraction: Say = (count, of, whole) =>
  of === 2 && whole !== undefined
    ? whole === "1"
      ? "eineinhalb"
      : `${whole} einhalb`
    : germanParts(count, of, whole);

const frenchParts = fractionIn({
  one: "un",
  half: "un demi",
  joins: " et ",
  parts: partsOf(
    "tiers quart/quarts cinquième/cinquièmes sixième/sixièmes septième/septièmes huitième/huitièmes neuvième/neuvièmes dixième/dixièmes",
  ),
});

export const frenchFraction: Say = (count, of, whole) =>
  of === 2 && whole !== undefined ? `${whole} et demi` : frenchParts(count, of, whole);

export const spanishFraction: Say = fractionIn({
  one: "un",
  half: "medio",
  joins: " y ",
  parts: partsOf(
    "tercio/tercios cuarto/cuartos quinto/quintos sexto/sextos séptimo/séptimos octavo/octavos noveno/novenos décimo/décimos",
  ),
});

export const italianFraction: Say = fractionIn({
  one: "un",
  half: "mezzo",
  joins: " e ",
  parts: partsOf(
    "terzo/terzi quarto/quarti quinto/quinti sesto/sesti settimo/settimi ottavo/ottavi nono/noni decimo/decimi",
  ),
});

export const portugueseFraction: Say = fractionIn({
  one: "um",
  half: "meio",
  joins: " e ",
  parts: partsOf(
    "terço/terços quarto/quartos quinto/quintos sexto/sextos sétimo/sétimos oitavo/oitavos nono/nonos décimo/décimos",
  ),
});

const russianParts = fractionIn({
  one: "одна",
  half: "половина",
  joins: " и ",
  parts: partsOf(
    "треть/трети четверть/четверти пятая/пятых шестая/шестых седьмая/седьмых восьмая/восьмых девятая/девятых десятая/десятых",
  ),
});

export const russianFraction: Say = (count, of, whole) => {
  if (of === 2 && whole !== undefined) return whole === "1" ? "полтора" : `${whole} с половиной`;
  const said = russianParts(count, of, whole);
  return count === 2 ? said?.replace("2 ", "две ") : said;
};

const polishParts = fractionIn({
  one: "jedna",
  half: "pół",
  joins: " i ",
  parts: partsOf(
    "trzecia/trzecie czwarta/czwarte piąta/piąte szósta/szóste siódma/siódme ósma/ósme dziewiąta/dziewiąte dziesiąta/dziesiąte",
  ),
});

export const polishFraction: Say = (count, of, whole) => {
  if (count === 1 && of === 2 && whole === "1") return "półtora";
  // From five on they stand in another case.
  const said = polishParts(count, of, whole);
  return count > 4 ? said?.replace(/e$/u, "ych") : said?.replace(/(^| )2 /u, "$1dwie ");
};

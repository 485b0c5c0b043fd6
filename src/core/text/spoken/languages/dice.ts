import type { Rule } from "../rule.ts";
import type { Notation } from "./notation.ts";

const SIDES = "(\\d{1,4}|%)((?:\\s?[+−–-]\\s?\\d{1,5}(?![\\dd.,]?\\d|[dwкk]\\d)){0,4})(?![\\p{L}\\p{N}])";

/** `2W6+3`, `1d20-1`, `к%`: the letter is read by its name, and the signs are words. */
export function diceRules({ signs }: Notation): Rule[] {
  const sum = (bonus: string): string =>
    bonus.replace(/\s?([+−–-])\s?/g, (_, sign: string) => ` ${sign === "+" ? signs.plus : signs.minus} `);
  const sidesOf = (sides: string): string => (sides === "%" ? "100" : sides);
  return [
    {
      pattern: new RegExp(`(\\d{1,3})([dwкk])${SIDES}`, "iuy"),
      say: ([, count, letter, sides = "", bonus = ""], { before }) =>
        /[\p{L}\p{N}_]$/u.test(before) ? undefined : `${count} ${letter} ${sidesOf(sides)}${sum(bonus)}`,
    },
    {
      pattern: new RegExp(SIDES, "uy"),
      say: ([, sides = "", bonus = ""], { before }) => {
        const letter = /(?:^|[^\p{L}\p{N}])([dwкk])$/iu.exec(before)?.[1];
        return letter === undefined
          ? undefined
          : { said: `${letter} ${sidesOf(sides)}${sum(bonus)}`, back: letter.length };
      },
    },
  ];
}

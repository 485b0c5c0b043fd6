import { oneOf } from "../english/patterns.ts";
import type { Rule } from "../rule.ts";
import { isTextOver } from "./notation.ts";

/**
 * Short forms, found at their last point or, where they have none, at their first letter.
 * @param short what they stand for; with `#` behind it only before a number, which may be Roman
 */
export function shortForms(short: Readonly<Record<string, string>>): {
  pointed: Rule;
  /** Undefined where the language has none without a point. */
  bare: Rule | undefined;
  /** What `bare` may begin with, as a pattern. */
  begins: string;
} {
  const words = new Map(Object.entries(short));
  const saidFor = (word: string, after: string): string | undefined => {
    const key = word.replace(/\s/gu, "");
    const said = words.get(key);
    if (said !== undefined) return said;
    return /^\s?(?:\d|[IVXLC]+(?!\p{L}))/u.test(after) ? words.get(`${key}#`) : undefined;
  };
  const keys = [...new Set(Object.keys(short).map((written) => written.replace("#", "")))];
  const pointedKeys = keys.filter((key) => key.endsWith("."));
  const bareKeys = keys.filter((key) => !key.endsWith("."));
  // `z. B.` and `z.B.` are the same.
  const source = oneOf(pointedKeys.map((key) => key.slice(0, -1))).replaceAll("\\.", "\\.\\s?");
  const behind = new RegExp(`(?:^|[^\\p{L}\\p{N}.])(${source})$`, "u");
  return {
    pointed: {
      pattern: /\./uy,
      say: (_, { before, text, end }) => {
        const word = behind.exec(before)?.[1];
        if (word === undefined) return undefined;
        const said = saidFor(`${word}.`, text.slice(end, end + 12));
        if (said === undefined) return undefined;
        return { said: `${said}${isTextOver(text, end) ? "." : ""}`, back: word.length };
      },
    },
    bare:
      bareKeys.length === 0
        ? undefined
        : {
            pattern: new RegExp(`(${oneOf(bareKeys)})(?![\\p{L}\\p{N}])`, "uy"),
            say: ([word], { before, text, end }) =>
              /[\p{L}\p{N}.]$/u.test(before) ? undefined : saidFor(word, text.slice(end, end + 12)),
          },
    begins: oneOf(bareKeys.map((key) => key.charAt(0))),
  };
}

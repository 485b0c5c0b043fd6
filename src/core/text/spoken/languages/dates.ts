import type { Rule } from "../rule.ts";
import type { Notation } from "./notation.ts";

const TOUCHED = /[\p{L}\p{N}_]$|\p{N}[.,:/-]$/u;

/** Names of months in a row. */
export function monthsOf(names: string): (month: number) => string {
  const all = names.split(" ");
  return (month) => all[month - 1] ?? "";
}

/** `30.11.2026` or `30/11/2026`, and `2026-11-30` everywhere. */
export function dateRules({ dates: { mark, say, before: beforeDay } }: Notation): Rule[] {
  const saying = (day = "", month = "", year: string | undefined, before: string): string | undefined => {
    const isDate = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
    return isDate && !TOUCHED.test(before)
      ? say(Number(day), Number(month), year === undefined ? undefined : Number(year), before)
      : undefined;
  };
  const other = mark === "/" ? "[/.]" : "\\.";
  return [
    {
      pattern: /(\d{4})-(\d{2})-(\d{2})(?![\d-])/uy,
      say: ([, year, month, day], { before }) => saying(day, month, year, before),
    },
    {
      pattern: new RegExp(`(\\d{1,2})(${other})(\\d{1,2})\\2(\\d{4})(?!\\d)`, "uy"),
      say: ([, day, , month, year], { before }) => saying(day, month, year, before),
    },
    {
      pattern: /(\d{1,2})\/(\d{1,2})(?![\p{L}\d/]|[.,]\d)/uy,
      say: ([, day, month], { before }) =>
        beforeDay?.test(before) ? saying(day, month, undefined, before) : undefined,
    },
  ];
}

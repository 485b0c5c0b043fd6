import type { Rule } from "../rule.ts";
import { cardinal } from "./numbers.ts";
import { rule, standing } from "./patterns.ts";
import { FEET, INCHES } from "./units.ts";

const counted = (number: string, one: string): string =>
  `${cardinal(number)} ${one}${number === "1" ? "" : "s"}`;

/** `1h30m`, `2 m 30 s`: what is a metre elsewhere is a minute beside an hour or a second. */
const DURATIONS: readonly Rule[] = [
  standing(
    rule(
      "(\\d{1,3}) ?h ?(\\d{1,2}) ?m(?:in)?(?![\\p{L}\\p{N}²³])",
      ([, hours = "", minutes = ""]) => `${counted(hours, "hour")} ${counted(minutes, "minute")}`,
    ),
  ),
  standing(
    rule(
      "(\\d{1,3}) ?m ?(\\d{1,2}) ?s(?![\\p{L}\\p{N}])",
      ([, minutes = "", seconds = ""]) => `${counted(minutes, "minute")} ${counted(seconds, "second")}`,
    ),
  ),
];

const WINDS: Readonly<Record<string, string>> = { N: " north", S: " south", E: " east", W: " west" };

/** `48°51'N`, `2°21'07" E` */
const COORDINATES: readonly Rule[] = [
  standing(
    rule(
      `(\\d{1,3})°\\s?(\\d{1,2})${FEET}(?:\\s?(\\d{1,2})${INCHES})?(?:\\s?([NSEW])(?!\\p{L}))?`,
      ([, degrees = "", minutes = "", seconds, wind = ""]) => {
        const rest = seconds === undefined ? "" : ` ${counted(String(Number(seconds)), "second")}`;
        const all = `${counted(degrees, "degree")} ${counted(String(Number(minutes)), "minute")}`;
        return `${all}${rest}${WINDS[wind] ?? ""}`;
      },
    ),
  ),
];

/** What is counted in minutes and seconds: time, and places on a globe. */
export const IN_MINUTES: readonly Rule[] = [...DURATIONS, ...COORDINATES];

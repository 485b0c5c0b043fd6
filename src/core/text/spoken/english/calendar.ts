import type { Context, Rule, Saying } from "../rule.ts";
import { cardinal, minutes, ordinal, plural, TO, toWord, year } from "./numbers.ts";
import { pointAt, rule, standing } from "./patterns.ts";

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const FULL = MONTHS.join("|");
const SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec";
const DAY = "(?:0?[1-9]|[12]\\d|3[01])(?!\\d)";
const SUFFIX = "(?:st|nd|rd|th)?";
const BEHIND_MONTH = new RegExp(`(?:^|[^\\p{L}])(?:${FULL}|(?:${SHORT})\\.?) $`, "u");
/** `Jan 5`, where no point tells that it is short. */
const SHORT_BEHIND = new RegExp(`(?<=^|[^\\p{L}])(?:${SHORT}) $`, "u");
const HALF = "\\s?([apAP])\\.?\\s?[mM](?![\\p{L}\\p{N}])(\\.?)";

/** The month that a name or its beginning means. */
export function monthOf(name: string): string | undefined {
  return MONTHS.find((month) => month.startsWith(name.slice(0, 3)));
}

function clock(hour: string, minute: string | undefined, half: string | undefined): string {
  const [hours, past] = [Number(hour), Number(minute ?? 0)];
  const suffix = half ? ` ${half.toLowerCase()}.m.` : "";
  if (past > 0) return `${cardinal(hours)} ${minutes(past)}${suffix}`;
  if (half) return `${cardinal(hours)}${suffix}`;
  return hours > 12 || hours === 0 ? `${cardinal(hours)} hundred` : `${cardinal(hours)} o'clock`;
}

/** `a.m.` has its point already: one that was written as well counts once. */
const HOUR = "([01]?\\d|2[0-4])";
const RATIO = /\b(?:odds|ratio|scale|chances?|score|wins?|won|lost)\b[^.]{0,12}$/i;

/** `noon–3pm`, `midnight - 2 a.m.`, found at the dash. */
export const FROM_NOON: Rule = rule(
  "[–—-]\\s?(?=\\d{1,2}(?::[0-5]\\d)?\\s?(?:[apAP]\\.?\\s?[mM](?![\\p{L}\\p{N}])|(?<=:\\d\\d)))",
  (_, { before }) =>
    /(?:^|[^\p{L}])(?:noon|midnight)\s?$/iu.test(before) ? (/\s$/.test(before) ? "to " : " to ") : undefined,
);

export const TIMES: readonly Rule[] = [
  // 10am–noon
  standing(
    rule(
      `${HOUR}(?::([0-5]\\d))?(?:\\s?([apAP])\\.?\\s?[mM]\\.?)?${TO}(noon|midnight)(?!\\p{L})`,
      ([, hour = "", minute, half, end], { before }) => {
        const from = half || minute ? clock(hour, minute, half) : cardinal(hour);
        return `${from} ${toWord(before)} ${end}`;
      },
    ),
  ),
  standing(
    rule(
      `${HOUR}(?::([0-5]\\d))?(?:\\s?([apAP])\\.?[mM]\\.?)?${TO}${HOUR}(?::([0-5]\\d))?${HALF}`,
      ([, hour = "", minute, half, toHour = "", toMinute, toHalf]) => {
        const from = half || minute ? clock(hour, minute, half) : cardinal(hour);
        return `${from} to ${clock(toHour, toMinute, toHalf)}`;
      },
    ),
  ),
  standing(
    rule(
      `${HOUR}:([0-5]\\d)${TO}${HOUR}:([0-5]\\d)(?![\\d:])`,
      ([, hour = "", minute, toHour = "", toMinute], { before }) =>
        `${clock(hour, minute, undefined)} ${toWord(before)} ${clock(toHour, toMinute, undefined)}`,
    ),
  ),
  // 19h30
  standing(
    rule(`${HOUR}h([0-5]\\d)(?![\\p{L}\\d])`, ([, hour = "", minute]) => clock(hour, minute, undefined)),
  ),
  // 5.30 p.m.
  standing(
    rule(`(1[0-2]|[1-9])\\.([0-5]\\d)${HALF}`, ([, hour = "", minute, half]) => clock(hour, minute, half)),
  ),
  standing(
    rule(
      `${HOUR}:([0-5]\\d)(?::([0-5]\\d))?(?![\\d:])(?:${HALF})?`,
      ([, hour = "", minute = "", seconds, half], { before, text, end }) => {
        if (RATIO.test(before) || /^ (?:scale|ratio|odds|chance)\b/.test(text.slice(end, end + 8)))
          return seconds || half ? undefined : `${cardinal(hour)} to ${cardinal(minute)}`;
        const rest =
          seconds && Number(seconds) > 0
            ? ` and ${cardinal(Number(seconds))} second${Number(seconds) === 1 ? "" : "s"}`
            : "";
        const said = clock(hour, minute, half);
        // `8:00 o'clock` says it itself.
        return /^\s?o['’]clock/.test(text.slice(end, end + 9))
          ? said.replace(" o'clock", "")
          : `${said}${rest}`;
      },
    ),
  ),
  standing(rule(`(1[0-2]|[1-9])${HALF}`, ([, hour = "", half]) => clock(hour, undefined, half))),
  standing(
    rule(
      "(\\d{1,4}):(\\d{1,4})(?![\\d:])",
      ([, one = "", other = ""]) => `${cardinal(one)} to ${cardinal(other)}`,
    ),
  ),
];

function date(day: string, month: string | undefined, written: string | undefined): string | undefined {
  if (month === undefined) return undefined;
  return `${month} ${ordinal(Number(day))}${written ? `, ${written.length === 4 ? year(written) : minutes(Number(written))}` : ""}`;
}

/** Before a month and a day with a slash between them, which are a fraction elsewhere. */
const BEFORE_DATE =
  /(?:^|[^\p{L}])(?:[Oo]n|[Ss]ince|[Uu]ntil|[Bb]orn|died|due|dated|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?) $/u;

export const DATES: readonly Rule[] = [
  // The summer of '69
  rule("(\\d)(\\d)(s?)(?![\\p{L}\\p{N}])", ([number, tens, ones, many], { before }): Saying => {
    if (!/(?:^|[\s(])['’‘]$/.test(before) || (many && ones !== "0")) return undefined;
    return { said: many ? plural(cardinal(`${tens}0`)) : minutes(Number(number)), back: 1 };
  }),
  // 0600 hours
  standing(
    rule("([01]\\d|2[0-4])([0-5]\\d)(?= (?:hours|hrs)(?!\\p{L}))", ([, hour = "", minute = ""]) => {
      const hours = hour.startsWith("0") ? `oh ${cardinal(Number(hour))}` : cardinal(Number(hour));
      return `${hours} ${minute === "00" ? "hundred" : minutes(Number(minute))}`;
    }),
  ),
  standing(
    rule(
      `(?:(${DAY})${SUFFIX}${TO})?(${DAY})${SUFFIX}(?: of)? (?:(${FULL})(?![\\p{L}])|(${SHORT})(?![\\p{L}])(\\.?))(?:,? (\\d{4})(?!\\d))?`,
      ([, from, day = "", full, short, point, written], { before, text, end }) => {
        const month = monthOf(full ?? short ?? "");
        if (
          !month ||
          (month === "May" && !written && /^ (?:be|have|I|we|you|not)\b/.test(text.slice(end, end + 6)))
        )
          return undefined;
        const the = /\bthe $/i.test(before) ? "" : "the ";
        const stop = point && !written ? pointAt(text, end) : "";
        const first = from === undefined ? "" : `${ordinal(Number(from))} to the `;
        return `${the}${first}${ordinal(Number(day))} of ${month}${written ? ` ${year(written)}` : stop}`;
      },
    ),
  ),
  standing(
    rule(
      `(?:(${DAY})${SUFFIX}${TO})?(${DAY})${SUFFIX}(?![:/]?\\d|,\\d{3}|[\\p{L}]|[–—-]\\d)(?:(,?) (\\d{4})(?![\\d,]*\\d))?`,
      ([, from, day = "", comma, written], context) => {
        if (!BEHIND_MONTH.test(context.before) || isCounted(context)) return undefined;
        const first = from === undefined ? "" : `${ordinal(Number(from))} to `;
        const said = `${first}${ordinal(Number(day))}${written ? `${comma} ${year(written)}` : ""}`;
        const [short] = SHORT_BEHIND.exec(context.before) ?? [];
        return short === undefined ? said : { said: `${monthOf(short)} ${said}`, back: short.length };
      },
    ),
  ),
  standing(
    rule(
      "(\\d{4})-(\\d{2})-(\\d{2})(?:T([01]\\d|2[0-4]):([0-5]\\d)(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?(?!\\d)",
      ([, written, month, day = "", hour, minute]) => {
        const said = date(day, MONTHS[Number(month) - 1], written);
        return said && hour ? `${said}, ${clock(hour, minute, undefined)}` : said;
      },
    ),
  ),
  // Born 4/7, on Sunday 11/29.
  standing(
    rule("(1[0-2]|0?[1-9])/(3[01]|[12]\\d|0?[1-9])(?![\\d/]| of)", ([, month, day = ""], { before }) =>
      BEFORE_DATE.test(before) ? date(day, MONTHS[Number(month) - 1], undefined) : undefined,
    ),
  ),
  standing(
    rule("(\\d{1,2})/(\\d{1,2})/(\\d{4}|\\d{2})(?![\\d/])", ([, one = "", other = "", written]) =>
      Number(one) > 12
        ? date(one, MONTHS[Number(other) - 1], written)
        : date(other, MONTHS[Number(one) - 1], written),
    ),
  ),
  standing(
    rule("(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})(?!\\d)", ([, day = "", month, written]) =>
      date(day, MONTHS[Number(month) - 1], written),
    ),
  ),
];

const ERA = /^ ?(?:AD|BC|CE|BCE|A\.D\.|B\.C\.|DR)(?![\p{L}\p{N}])/u;
const SURELY_YEAR =
  /(?:^|[^\p{L}])(?:(?:pre|post)-|(?:since|until|till|year|years|circa|ca\.|c\.|AD|A\.D\.|anno|early|late|mid|summer of|winter of|spring of|autumn of|fall of|in|In|Since|Until|During|during|born|died|dated|©|est\.|Est\.|established) )$/u;
const PERHAPS_YEAR =
  /(?:^|[^\p{L}])(?:of|before|after|around|by|from|to|and|between|(?:Of|Before|After|Around|By|From|Between)) $/u;
/** A noun that is counted: `in 1200 ships`; not a verb, or what else may follow a year. */
const COUNTED =
  /^[ -](?!(?:was|is|has|as|its|his|this|us|always|perhaps|thus|does|goes|across|unless|towards|besides|sits|lies|stands|comes)\b)(?:\p{L}+ )?(?:\p{Ll}*(?:men|women|people|feet|folk|sheep|children|gold|silver|copper|damage|[^su]s)|ft|lb|gp|sp|cp|pp|xp|XP|hp|HP|km|m|of)\b/u;

function isCounted({ text, end }: Context): boolean {
  return COUNTED.test(text.slice(end, end + 32));
}

function isYear(context: Context): boolean {
  const { before, text, end } = context;
  if (ERA.test(text.slice(end, end + 6))) return true;
  const isModel = /(?:^|[^\p{L}])(?:an?|the|my|his|her|their|our) $/iu.test(before);
  if (
    isModel &&
    /^(?:19|20)/.test(text.slice(end - 4, end)) &&
    /^ \p{Lu}\p{Ll}/u.test(text.slice(end, end + 3))
  )
    return true;
  const isSure = SURELY_YEAR.test(before) || BEHIND_MONTH.test(before.replace(/,(?= $)/, ""));
  return (isSure || PERHAPS_YEAR.test(before)) && !isCounted(context);
}

const YEAR = "1\\d{3}|2[01]\\d\\d";

export const YEARS: readonly Rule[] = [
  standing(
    rule(`(${YEAR})\\s?[–—-]\\s?(${YEAR}|\\d{2})(?![\\d,.]*\\d)`, ([, from = "", to = ""], context) => {
      if (isCounted(context) || /\d[–—-]$/.test(context.before)) return undefined;
      return `${year(from)} to ${to.length === 2 ? minutes(Number(to)) : year(to)}`;
    }),
  ),
  standing(
    rule(`(1\\d|20)(\\d)0['’]?s(?![\\p{L}\\p{N}])`, ([, century = "", tens]) => decade(century, tens)),
  ),
  // 1914/15
  standing(
    rule(`(1\\d|20)(\\d\\d)/(\\d\\d)(?![\\d/])`, ([, century = "", from = "", to = ""]) =>
      Number(to) === Number(from) + 1 ? `${year(century + from)} to ${minutes(Number(to))}` : undefined,
    ),
  ),
  // For 30s, but: in the 30s, his 30s, two 20s.
  standing(
    rule("(\\d{1,4})s(?![\\p{L}\\p{N}])", ([, number = ""], { before }) =>
      /£[\d,]+ $/.test(before)
        ? `${cardinal(number)} shillings`
        : LASTS.test(before)
          ? `${cardinal(number)} second${number === "1" ? "" : "s"}`
          : plural(cardinal(number)),
    ),
  ),
  // 1888's fog
  standing(rule("(?:1[5-9]|20)\\d\\d(?=['’]s(?!\\p{L}))", ([written]) => year(written))),
  standing(
    rule(`(?:${YEAR})(?![\\d,.:]*\\d|[\\p{L}%°'′"″])`, ([written], context) =>
      isYear(context) ? year(written) : undefined,
    ),
  ),
];

const LASTS = /(?:^|[^\p{L}])(?:for|after|within|every|lasts?|takes?|took|wait|about|than) $/iu;

function decade(century: string, tens: string | undefined): string {
  return `${cardinal(century)} ${tens === "0" ? "hundreds" : plural(cardinal(`${tens}0`))}`;
}

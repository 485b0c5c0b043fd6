import { romanValue } from "../roman.ts";
import type { Context, Rule, Saying } from "../rule.ts";
import { monthOf } from "./calendar.ts";
import { cardinal, ordinal, year } from "./numbers.ts";
import { pointAt, rule } from "./patterns.ts";

/** Before a Roman numeral that counts. */
const COUNTERS =
  "Chapter|Part|War|Act|Scene|Book|Volume|Vol\\.|Level|Phase|Type|Mark|Episode|Section|Tier|Class|Appendix|Table|Figure|Article|Canto|Stage|Rank|Grade|Circle|Legion|Title|Tome|Verse|Verses|Season|Round|Quest|Room|Area|Gate|Floor|Canon|Ring|Sector|Zone|Game|Edition|Mk|Type|Fantasy|Vatican|Apollo|Rocky|Schedule|Column|Row|Psalm|Session|Day|Year|Lesson|Exhibit|Bowl|Olympiad|Unit|Model|Ward|Hall";
const COUNTED = new RegExp(
  `(?:^|[^\\p{L}])(?:${COUNTERS})s?\\.? (?:[IVXLC]{1,8}(?: ?[–—-] ?|,? and |, | to | or )){0,4}$`,
  "iu",
);
/** Before one in small letters, which could be a word or a list's letter. */
const COUNTED_SMALL = new RegExp(
  `(?:^|[^\\p{L}])(?:${COUNTERS}|page|pages|p|pp|ch|fig|sec|no|vol|preface)s?\\.? (?:[ivxlc]{1,8}(?: ?[–—-] ?|,? and |, | to | or )){0,4}$`,
  "iu",
);
/** A name; not a word that only begins the sentence. */
const NAMED =
  /(?:^|[^\p{L}])(?!(?:The|Then|When|And|But|In|On|Only|Not|He|She|It|They|We|You|If|So|Or|At|As|For|With|By|To|From|This|That|There|My|His|Her|Our|Your|No|Yes|What|Who|Why|How|All|Generation|Planet|Malcolm|Professor|Agent|Mister|Doctor|Mr|Mrs|Dr|Vitamin|Plan|Brand|Team|Type|World|Captain|General|Where|Now|Here|Mark)(?![\p{L}]))\p{Lu}\p{Ll}+ $/u;
const CROWNED =
  /(?:^|[^\p{L}])(?:King|Queen|Pope|Emperor|Empress|Tsar|Czar|Kaiser|Prince|Princess|Lord|Lady|Duke|Sultan|Elizabeth|Charles|Napoleon|Richard|Ramesses|Leopold|Nicholas)(?: \p{Lu}\p{Ll}+)? $/u;
/** Kings and popes of whom there were ten. */
const TENTH =
  /(?:^|[^\p{L}])(?:Pius|Leo|Charles|Louis|Benedict|Gregory|John|Alfonso|Clement|Innocent|Boniface|Christian|Gustaf|Frederick|Ramesses|Ptolemy|Stephen|Henry|Eric|King \p{Lu}\p{Ll}+|Queen \p{Lu}\p{Ll}+|Pope \p{Lu}\p{Ll}+) $/u;
/** After "the first" the sentence ends, or it goes on about him. */
const AFTER_FIRST =
  /^(?:$|[.,;:!?)”"’']|\s(?:was|were|is|of|ruled|reigned|died|and|had|who|came|rose|fell|began|ended|to)\b)/;

/** A Roman numeral: `World War II`, `Henry VIII`, `Chapters II–IV`. */
const ROMAN: Rule = rule("[IVXLC]{1,8}(?![\\p{L}\\p{N}])", ([numeral], context): Saying => {
  const value = romanValue(numeral);
  if (value === undefined || /[\p{L}\p{N}.'’]$/u.test(context.before)) return undefined;
  if (/^\.\p{Lu}/u.test(context.text.slice(context.end, context.end + 2))) return undefined;
  if (COUNTED.test(context.before)) return counted(numeral, value, context);
  if (/^(?:th)?[ -]century(?!\p{L})/u.test(context.text.slice(context.end, context.end + 12)))
    return ordinal(value);
  if (!NAMED.test(context.before)) return undefined;
  const isFirst = numeral === "I";
  if (
    isFirst &&
    !(CROWNED.test(context.before) && AFTER_FIRST.test(context.text.slice(context.end, context.end + 12)))
  )
    return undefined;
  if (numeral.length === 1 && !isFirst && numeral !== "V" && !(numeral === "X" && TENTH.test(context.before)))
    return undefined;
  return value > 99 ? undefined : `the ${ordinal(value)}`;
});

function counted(numeral: string, value: number, { text, end, before }: Context): Saying {
  // "In this chapter I say", "the room I was in": only where nothing is said by anybody.
  if (
    numeral === "I" &&
    /(?:^|[^\p{L}])\p{Ll}+ $/u.test(before) &&
    /^\s\p{Ll}/u.test(text.slice(end, end + 2))
  )
    return undefined;
  if (
    numeral === "I" &&
    !/war $/i.test(before) &&
    !AFTER_FIRST.test(text.slice(end, end + 12)) &&
    !/^ ?[–—-] ?[IVX]/i.test(text.slice(end, end + 4))
  )
    return undefined;
  const range = /^ ?[–—-] ?(?=[IVXLC]+(?![\p{L}]))/iu.exec(text.slice(end, end + 16))?.[0];
  if (range === undefined) return cardinal(value);
  return { said: `${cardinal(value)} to `, length: numeral.length + range.length };
}

/** `Scene ii`, `pp. iv–vi` */
export const SMALL_ROMAN: Rule = rule("[ivxlc]{1,8}(?![\\p{L}\\p{N}])", ([written], context): Saying => {
  if (!COUNTED_SMALL.test(context.before)) return undefined;
  const numeral = written.toUpperCase();
  const value = romanValue(numeral);
  return value === undefined || /^[LC]$/.test(numeral) ? undefined : counted(numeral, value, context);
});

/** `WWII` */
const WORLD_WAR: Rule = rule("WW\\s?(II?)(?![\\p{L}\\p{N}])", ([, numeral = ""], { before }) =>
  /[\p{L}\p{N}]$/u.test(before) ? undefined : `World War ${numeral === "I" ? "one" : "two"}`,
);

/** `MCMXCIX`: a year, as films and stones have it. */
const ROMAN_YEAR: Rule = rule("M[MDCLXVI]{3,11}(?![\\p{L}\\p{N}])", ([numeral], { before }) => {
  const value = romanValue(numeral);
  const isYear = value !== undefined && !/[\p{L}\p{N}.'’]$/u.test(before);
  return isYear ? year(String(value)) : undefined;
});

/** Words in capitals. */
export const CAPITALS: readonly Rule[] = [WORLD_WAR, ROMAN_YEAR, ROMAN];

/** `Jones vs Smith` */
export const VERSUS: Rule = rule("vs(?= )", (_, { before }) =>
  /(?:^|\s)$/.test(before) ? "versus" : undefined,
);

/** What short forms with a point stand for. */
const ALWAYS: Readonly<Record<string, string>> = {
  "e.g": "for example",
  "i.e": "that is",
  vs: "versus",
  approx: "approximately",
  Inc: "Incorporated",
  Ltd: "Limited",
  Corp: "Corporation",
  Bros: "Brothers",
  Jr: "Junior",
  Sr: "Senior",
  dept: "department",
  Dept: "Department",
  govt: "government",
  Ave: "Avenue",
  Blvd: "Boulevard",
  Rd: "Road",
  Hwy: "Highway",
  incl: "including",
  Mon: "Monday",
  Tue: "Tuesday",
  Tues: "Tuesday",
  Wed: "Wednesday",
  Thu: "Thursday",
  Thur: "Thursday",
  Thurs: "Thursday",
  Fri: "Friday",
};
const BEFORE_NAME: Readonly<Record<string, string>> = {
  Prof: "Professor",
  Capt: "Captain",
  Col: "Colonel",
  Gen: "General",
  Lt: "Lieutenant",
  Sgt: "Sergeant",
  Cpl: "Corporal",
  Maj: "Major",
  Adm: "Admiral",
  Cmdr: "Commander",
  Rev: "Reverend",
  Hon: "Honourable",
  Gov: "Governor",
  Pres: "President",
  Sen: "Senator",
  Rep: "Representative",
  Mt: "Mount",
  Ft: "Fort",
  St: "Saint",
  Bp: "Bishop",
};
const BEFORE_NUMBER: Readonly<Record<string, string>> = {
  Mk: "mark",
  No: "number",
  no: "number",
  Nos: "numbers",
  nos: "numbers",
  Nr: "number",
  p: "page",
  P: "page",
  pp: "pages",
  Vol: "volume",
  vol: "volume",
  Ch: "chapter",
  ch: "chapter",
  Fig: "figure",
  fig: "figure",
  Sec: "section",
  sec: "section",
  Art: "article",
  c: "circa",
  ca: "circa",
  Ca: "circa",
  Est: "established",
  est: "established",
};
/** After a name or a small word, not where a sentence ends: `Thorin & Co. wait`. */
const WITHIN: Readonly<Record<string, string>> = {
  Co: "Company",
  etc: "et cetera",
  Sat: "Saturday",
  Sun: "Sunday",
  al: "al",
};

const WEEKDAY = /^(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)$/;
const DAYS: Readonly<Record<string, string>> = { Sat: "Saturday", Sun: "Sunday", ...ALWAYS };

/** `Mon.–Fri.` */
export const DAYS_RANGE: Rule = rule(
  "\\.?\\s?[–—-]\\s?(Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)(?!\\p{L})(\\.?)",
  ([, last = "", point], { before, text, end }): Saying => {
    const first = /(?:^|[^\p{L}])(\p{L}{3,5})$/u.exec(before)?.[1] ?? "";
    if (!WEEKDAY.test(first)) return undefined;
    return { said: `${DAYS[first]} to ${DAYS[last]}${point ? pointAt(text, end) : ""}`, back: first.length };
  },
);

/** The point of a short form. */
const SHORT_FORM: Rule = rule("\\.", (_, context): Saying => {
  const { before, text, end } = context;
  const word = /(?:^|[^\p{L}\p{N}.'’])(e\.g|i\.e|[A-Za-z]{1,6})$/u.exec(before)?.[1];
  if (word === undefined) return undefined;
  const said = shortForm(word, before.slice(0, before.length - word.length), text.slice(end, end + 24));
  if (said === undefined) return undefined;
  const comma = word === "e.g" || word === "i.e" ? "" : pointAt(text, end);
  const isBeforeName = Object.hasOwn(BEFORE_NAME, word) || Object.hasOwn(BEFORE_NUMBER, word);
  return {
    said: `${said}${isBeforeName && /^\s?[\p{Lu}\d#]/u.test(text.slice(end, end + 2)) ? "" : weekdayPoint(word, comma, text.slice(end, end + 2))}`,
    back: word.length,
  };
});

/** In figures or Roman; `No. I see` and `no. i see` are no numbers. */
const NUMBER_BEHIND =
  /^\s?(?:[\d#]|(?!I(?!\p{L}))[IVXLC]+(?!\p{L})|x{0,3}(?:ix|iv|vi{0,3}|ii{1,2}|(?<=x)i?)(?!\p{L}))/u;
const STREETS = new Set(["St", "Dr", "Ln"]);
const MONTHS_SHORT = /^(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$/;

/** Whether it may stand for something, as far as the word itself tells. */
export function isShortForm(word: string): boolean {
  const isListed = [ALWAYS, BEFORE_NAME, BEFORE_NUMBER, WITHIN].some((forms) => Object.hasOwn(forms, word));
  return isListed || STREETS.has(word) || MONTHS_SHORT.test(word);
}

function weekdayPoint(word: string, point: string, after: string): string {
  return /^(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun|Ave|Rd|Blvd|Jr|Sr|Inc|Ltd|Co|Corp|Bros|vs)$/.test(word) &&
    /^ \p{Lu}/u.test(after)
    ? ""
    : point;
}

function shortForm(word: string, before: string, after: string): string | undefined {
  if (/^(?:Mon|Tues?|Wed|Thu|Thurs?|Fri)$/.test(word) && after === "" && /\b(?:the|a) $/i.test(before))
    return undefined;
  if (STREETS.has(word)) return street(word, before, after);
  if (Object.hasOwn(ALWAYS, word)) return ALWAYS[word];
  if (Object.hasOwn(BEFORE_NAME, word) && /^\s?\p{Lu}/u.test(after) && !/\d ?$/.test(before))
    return BEFORE_NAME[word];
  if (Object.hasOwn(BEFORE_NUMBER, word) && NUMBER_BEHIND.test(after)) return BEFORE_NUMBER[word];
  if (
    Object.hasOwn(WITHIN, word) &&
    /^(?:,|\s?[–-]|\s(?:\p{Ll}|\d))/u.test(after) &&
    !/\bthe $/i.test(before)
  )
    return WITHIN[word];
  if (MONTHS_SHORT.test(word) && /^,?\s?(?:\d|\p{Ll})/u.test(after)) return monthOf(word);
  return undefined;
}

/** Saint before a name, street behind one. */
function street(word: string, before: string, after: string): string | undefined {
  const isBehindName =
    /\p{L} $/u.test(before) && /(?:^|[\s(])(?:\p{Lu}[\p{L}'’]*|\d+(?:st|nd|rd|th)) $/u.test(before);
  const isBeforeName = /^\s?\p{Lu}/u.test(after);
  const isAddress = /\d+ (?:\p{Lu}[\p{L}'’]* ){1,3}$/u.test(before);
  if (isBehindName && (!isBeforeName || isAddress)) return { St: "Street", Dr: "Drive", Ln: "Lane" }[word];
  return word === "St" && isBeforeName ? "Saint" : undefined;
}

export const SHORT_FORMS: readonly Rule[] = [DAYS_RANGE, SHORT_FORM];

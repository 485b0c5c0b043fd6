/** A stretch of a text that is said in one language. */
export interface ScriptRun {
  from: number;
  to: number;
  /** BCP 47, lower-cased: the text's own, or the one that is written so. */
  language: string;
}

/** Scripts, the language that is meant where nothing else says so, and all that are written in it. */
const SCRIPTS = [
  ["Cyrillic", "ru", "ru uk be bg sr mk kk ky mn tg tt ba cv"],
  ["Han", "zh", "zh cmn yue hak ja ko"],
  ["Hiragana", "ja", "ja"],
  ["Katakana", "ja", "ja"],
  ["Hangul", "ko", "ko"],
  ["Arabic", "ar", "ar fa ur ps sd ug ku"],
  ["Devanagari", "hi", "hi mr ne sa kok"],
  ["Greek", "el", "el grc"],
  ["Hebrew", "he", "he yi"],
  ["Thai", "th", "th"],
  ["Armenian", "hy", "hy hyw"],
  ["Georgian", "ka", "ka"],
  ["Bengali", "bn", "bn as"],
  ["Tamil", "ta", "ta"],
  ["Telugu", "te", "te"],
  ["Kannada", "kn", "kn"],
  ["Malayalam", "ml", "ml"],
  ["Gujarati", "gu", "gu"],
  ["Gurmukhi", "pa", "pa"],
  ["Sinhala", "si", "si"],
  ["Myanmar", "my", "my"],
  ["Ethiopic", "am", "am ti"],
] as const;
const TESTS = SCRIPTS.map(([script, language, all]) => ({
  script,
  language: language as string,
  all: all.split(" "),
  test: new RegExp(`\\p{Script=${script}}`, "u"),
}));
type Script = (typeof TESTS)[number];
const LATIN = /\p{Script=Latin}/u;
/** Letters that only one of the languages of a script has. */
const FINER: readonly (readonly [of: string, letters: RegExp, language: string])[] = [
  ["ru", /[іїєґ]/iu, "uk"],
  ["ru", /ў/iu, "be"],
  ["ru", /[ђћјљњџ]/iu, "sr"],
  ["ar", /[ٹڈڑںے]/u, "ur"],
  ["ar", /[پچژگ]/u, "fa"],
];
/** Most text is Latin: one test. */
const BEYOND =
  /[\u0370-\u1dff\u2c00-\u2fff\u3005-\ud7ff\uf900-\ufdff\uff10-\uffef]|[\u{10000}-\u{1cfff}\u{20000}-\u{3ffff}]/u;
/** What stands before a word belongs to it. */
const OPENING = /[\s([{«“„‚‘「『《〈（"'¿¡]*$/u;
const IDEOGRAPHS = new Set(["Han", "Hiragana", "Katakana", "Hangul"]);

const CHINESE = new Set(["zh", "cmn", "yue", "hak"]);
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

interface Run {
  from: number;
  to: number;
  /** Undefined: in the text's own script. */
  script: Script | undefined;
  letters: number;
}

/**
 * Where a text changes its script, and into which language. Marks, digits and spaces belong to the run before them. A
 * single letter of another alphabet, as in `α` or `π`, stays with its sentence; a single ideograph is a word of its own.
 * @param own the text's own language, BCP 47
 */
export function scriptRuns(text: string, own: string): ScriptRun[] {
  if (text === "") return [];
  const whole = [{ from: 0, to: text.length, language: own }];
  const tongue = own.split("-", 1)[0]?.toLowerCase() ?? "";
  // Kana among ideographs mean Japanese, also where Chinese is spoken.
  if (CHINESE.has(tongue) && KANA.test(text)) return scriptRuns(text, "ja");
  if (isLatin(tongue) && !BEYOND.test(text)) return whole;
  const runs = lettersOf(text, tongue);
  const kept = joined(runs.filter(({ script, letters }) => isHeard(script, letters)));
  const [first] = kept;
  if (!first || (kept.length === 1 && !first.script)) return whole;
  return bounded(text, kept).map(({ from, to, script }) => ({
    from,
    to,
    language: script ? languageOf(script, text.slice(from, to)) : own,
  }));
}

/** Whether a language is written in Latin letters, or is not known. @param tongue without its region */
export function isLatin(tongue: string): boolean {
  return !TESTS.some(({ all }) => all.includes(tongue));
}

function isHeard(script: Script | undefined, letters: number): boolean {
  return !script || letters > 1 || IDEOGRAPHS.has(script.script);
}

/** Letters in runs; of scripts that nobody speaks they count as the text's own. */
function lettersOf(text: string, tongue: string): Run[] {
  const runs: Run[] = [];
  for (const { 0: word, index } of text.matchAll(/\p{L}[\p{L}\p{M}]*/gu)) {
    let at = index;
    for (const char of word) {
      const script = scriptOf(char, tongue);
      const last = runs.at(-1);
      const isLetter = /\p{L}/u.test(char);
      if (last && (!isLetter || isSame(last.script, script))) {
        // Kana among ideographs mean Japanese.
        if (script?.language === "ja") last.script = script;
        last.to = at + char.length;
        last.letters += isLetter ? 1 : 0;
      } else runs.push({ from: at, to: at + char.length, script, letters: 1 });
      at += char.length;
    }
  }
  return runs;
}

function scriptOf(char: string, tongue: string): Script | undefined {
  if (LATIN.test(char)) return undefined;
  const script = TESTS.find(({ test }) => test.test(char));
  return script?.all.includes(tongue) ? undefined : script;
}

function isSame(one: Script | undefined, other: Script | undefined): boolean {
  if (one === other) return true;
  return one !== undefined && other !== undefined && isEastAsian(one) && isEastAsian(other);
}

function isEastAsian({ language }: Script): boolean {
  return language === "zh" || language === "ja";
}

/** Neighbours in one script are one run, once what stood between is nobody's. */
function joined(runs: readonly Run[]): Run[] {
  const out: Run[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last && isSame(last.script, run.script)) {
      last.to = run.to;
      if (run.script?.language === "ja") last.script = run.script;
    } else out.push({ ...run });
  }
  return out;
}

/** Runs that touch, from the text's first character to its last. */
function bounded(text: string, runs: readonly Run[]): Run[] {
  const starts = runs.map((run, index) => {
    const before = runs[index - 1]?.to;
    if (before === undefined) return 0;
    return before + text.slice(before, run.from).replace(OPENING, "").length;
  });
  return runs.map((run, index) => ({
    ...run,
    from: starts[index] ?? 0,
    to: starts[index + 1] ?? text.length,
  }));
}

function languageOf({ language }: Script, text: string): string {
  return FINER.find(([of, letters]) => of === language && letters.test(text))?.[2] ?? language;
}

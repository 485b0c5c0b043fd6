import { z } from "zod";
import { InputError, type Issue } from "../core/protocol/messages.ts";
import { isIpa } from "../core/text/spoken/ipa.ts";
import type { LexiconEntry } from "../core/text/spoken/lexicon.ts";
import { isRecord } from "./voice-config.ts";

/** Words that one campaign may have, and characters of each and of what is said for it. */
const MAX_ENTRIES = 5_000;
const MAX_WRITTEN = 80;
const MAX_SAID = 200;

/** One way to say a word, as files and programs write it. */
export interface WrittenReading {
  say?: string;
  ipa?: string;
  language?: string;
  speaker?: string;
}

/** What stands behind a word: how it is said, `/ipa/` between slashes, or more about it, once or several times. */
export type WrittenLexicon = Readonly<Record<string, string | WrittenReading | readonly WrittenReading[]>>;

const said = (): z.ZodString =>
  z
    .string({ error: "expected text: how it is said" })
    .trim()
    .min(1, "write how it is said")
    .max(MAX_SAID, `write at most ${MAX_SAID} characters`);
const reading = z.lazy(() =>
  z
    .strictObject({
      say: said().optional(),
      ipa: said()
        .refine(
          isIpa,
          "expected letters of the International Phonetic Alphabet, as in drɪst, without slashes",
        )
        .optional(),
      language: z
        .string({ error: "expected a language, as in en or de-at" })
        .trim()
        .toLowerCase()
        .regex(/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/, "expected a language, as in en or de-at")
        .optional(),
      speaker: z.string({ error: "expected a name" }).trim().min(1).max(64).optional(),
    })
    .refine(
      ({ say, ipa }) => say !== undefined || ipa !== undefined,
      "write how it is said: as `say`, as `ipa`, or as both",
    ),
);

/**
 * The entries of a lexicon as somebody wrote it; what makes no sense is left out.
 * @param issue is told what is wrong, and where: a word, and its field
 */
export function lexiconEntries(
  written: unknown,
  issue: (problem: Issue & { word: string }) => void,
): LexiconEntry[] {
  if (!isRecord(written)) {
    issue({ word: "", path: "", message: "expected a map of words and how they are said" });
    return [];
  }
  const entries: LexiconEntry[] = [];
  for (const [key, value] of Object.entries(written)) {
    const word = key.normalize("NFC").replace(/\s+/gu, " ").trim();
    const tell = (message: string, field = ""): void =>
      issue({ word: key, path: [key, field].filter(Boolean).join("."), message });
    const problem = wordProblem(word);
    if (problem !== undefined) tell(problem);
    else if (entries.length >= MAX_ENTRIES) return tooMany(entries, tell);
    else entries.push(...readings(value, tell).map((each) => ({ written: word, ...each })));
  }
  return entries;
}

/** The same, all or nothing. @throws InputError `bad-request`, naming each word that is wrong */
export function parseLexicon(written: unknown): LexiconEntry[] {
  const issues: Issue[] = [];
  const entries = lexiconEntries(written, ({ path, message }) =>
    issues.push({ path: path === "" ? "lexicon" : `lexicon.${path}`, message }),
  );
  if (issues.length > 0) throw new InputError(issues.slice(0, 50));
  return entries;
}

function wordProblem(word: string): string | undefined {
  if (!/^[\p{L}\p{N}]/u.test(word)) return "a word or phrase begins with a letter or a digit";
  return word.length > MAX_WRITTEN ? `a word or phrase has at most ${MAX_WRITTEN} characters` : undefined;
}

function tooMany(entries: LexiconEntry[], tell: (message: string) => void): LexiconEntry[] {
  tell(`a lexicon has at most ${MAX_ENTRIES} words; take out some`);
  return entries;
}

function readings(value: unknown, tell: (message: string, field?: string) => void): WrittenReading[] {
  const all = Array.isArray(value) ? value : [value];
  if (all.length === 0) tell("write how it is said");
  return all.flatMap((each: unknown, index) => {
    const result = reading.safeParse(typeof each === "string" ? ofText(each) : each);
    if (result.success) return [defined(result.data)];
    for (const { path, message } of result.error.issues) {
      const place = [...(Array.isArray(value) ? [String(index)] : []), ...path].join(".");
      tell(
        isRecord(each) || typeof each === "string"
          ? message
          : "expected text, or a map with say, ipa, language, speaker",
        place,
      );
    }
    return [];
  });
}

/** `/drɪst/` is phonetic. */
function ofText(text: string): WrittenReading {
  const [, ipa] = /^\s*\/(.+)\/\s*$/u.exec(text) ?? [];
  return ipa === undefined ? { say: text } : { ipa };
}

function defined(
  record: { [Field in keyof WrittenReading]: WrittenReading[Field] | undefined },
): WrittenReading {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** The entries as they are written: as short as can be. */
export function writtenLexicon(entries: readonly LexiconEntry[]): WrittenLexicon {
  const byWord = new Map<string, WrittenReading[]>();
  for (const { written, ...each } of entries) byWord.set(written, [...(byWord.get(written) ?? []), each]);
  return Object.fromEntries([...byWord].map(([word, all]) => [word, shortest(all)]));
}

function shortest(all: readonly WrittenReading[]): string | WrittenReading | readonly WrittenReading[] {
  const [first] = all;
  if (!first || all.length > 1) return all;
  const [field, ...others] = Object.keys(first);
  // A value that would be read as phonetic letters stays a map.
  if (others.length > 0 || field !== "say" || /^\s*\/.+\/\s*$/u.test(first.say ?? "")) return first;
  return first.say ?? first;
}

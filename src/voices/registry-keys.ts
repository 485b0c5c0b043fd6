import { cleanText } from "../core/clean-text.ts";

/** Characters of a file: a campaign has hundreds of voices at the most. */
export const MAX_REGISTRY_CHARS: number = 1024 * 1024;

/**
 * A name as it is looked up: `Old Mara`, `old_mara` and ` OLD-MARA` are one, and so is `Zoë` in one code point or in two.
 */
export function nameKey(name: string): string {
  const lower = cleanText(name).normalize("NFC").toLowerCase();
  return lower.replace(/[\s_\p{Pd}]+/gu, " ").trim() || lower.trim();
}

const NARRATORS = new Set(["dm", "combat"]);

/** Whether it is the DM who speaks, or combat, and no character. */
export function isNarrator(speaker: string): boolean {
  return NARRATORS.has(nameKey(speaker));
}

/**
 * Keys of the archetypes that fit, the best one first. Nothing has to know where in a key the gender ends and the race
 * begins: `non_binary_half_elf`, `Non-Binary Half-Elf` and `half_elf_non_binary` are all looked up whole.
 */
export function archetypeKeysFor(traits: {
  gender?: string | undefined;
  race?: string | undefined;
}): string[] {
  const [gender, race] = [nameKey(traits.gender ?? ""), nameKey(traits.race ?? "")];
  return [
    ...(gender && race ? [`${gender} ${race}`, `${race} ${gender}`] : []),
    ...(gender ? [`${gender} *`, gender, `${gender} default`] : []),
    ...(race ? [`* ${race}`, `${race} *`, race, `${race} default`] : []),
  ];
}

/** Genders that are known without a file that names them. */
const GENDERS = ["male", "female", "non binary", "gender fluid", "gender queer", "gender neutral"];
const ANY = new Set(["*", "default"]);

/**
 * Archetypes as `<gender>_<race>`, with hyphens within either, for lists. Where a key can be cut in several places it is
 * cut after the longest gender that stands by itself in another key (`non_binary_*`), or that everybody knows.
 * @param keys as they are written
 */
export function archetypeNames(keys: readonly string[]): string[] {
  const alone = keys.flatMap((key) => {
    const words = nameKey(key).split(" ");
    return ANY.has(words.at(-1) ?? "") ? [words.slice(0, -1).join(" ")] : [];
  });
  const genders = [...alone, ...GENDERS].filter((gender) => gender !== "" && !ANY.has(gender));
  genders.sort((a, b) => b.length - a.length);
  return keys.map((key) => {
    const [gender, race] = partsOf(key, genders);
    return [gender, race].map((part) => nameKey(part).replaceAll(" ", "-") || "*").join("_");
  });
}

function partsOf(key: string, genders: readonly string[]): [gender: string, race: string] {
  const whole = nameKey(key);
  if (whole.startsWith("* ")) return ["*", whole.slice(2)];
  if (genders.includes(whole)) return [whole, "*"];
  const first = genders.find((gender) => whole.startsWith(`${gender} `));
  if (first !== undefined) return [first, whole.slice(first.length)];
  const last = genders.find((gender) => whole.endsWith(` ${gender}`));
  if (last !== undefined) return [last, whole.slice(0, -last.length)];
  const [gender = "", ...race] = key.trim().split("_");
  if (race.length > 0) return [gender, race.join(" ")];
  const [word = "", ...others] = whole.split(" ");
  return others.length > 0 ? [word, others.join(" ")] : ["*", word];
}

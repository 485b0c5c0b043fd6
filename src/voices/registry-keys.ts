import { cleanText } from "../core/clean-text.ts";

/** A name as it is looked up, in upper or lower case. */
export function nameKey(name: string): string {
  return cleanText(name).trim().toLowerCase();
}

/** A trait as keys have it: `Half Orc` and `half_orc` are `half-orc`; undefined where there is none. */
export function traitKey(value: string | undefined): string | undefined {
  return nameKey(value ?? "").replace(/[\s_]+/g, "-") || undefined;
}

/** The key of an archetype, `<gender>_<race>`: the first underscore separates them. */
export function archetypeKey(key: string): string {
  const [gender = "", ...race] = nameKey(key).split("_");
  return `${traitKey(gender) ?? "*"}_${traitKey(race.join("_")) ?? "*"}`;
}

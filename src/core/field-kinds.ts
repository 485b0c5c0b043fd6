import { BardcastError } from "../core/errors.ts";

/** What a field may be, in words, and whether a value is that. */
export type Kind = readonly [words: string, is: (value: unknown) => boolean];
export type Kinds<Name extends string = string> = Readonly<Record<Name, Kind>>;

export const TEXT: Kind = ["a string", (value) => typeof value === "string"];
export const FLAG: Kind = ["true or false", (value) => typeof value === "boolean"];
export const NUMBER: Kind = ["a number", (value) => Number.isFinite(value)];
export const FUNCTION: Kind = ["a function", (value) => typeof value === "function"];
export const OBJECT: Kind = ["an object", isObject];
export const ANYTHING: Kind = ["anything", () => true];
export const TEXTS: Kind = listOf(["strings", TEXT[1]]);

export function oneOf(...values: readonly unknown[]): Kind {
  return [values.map((value) => JSON.stringify(value)).join(", "), (value) => values.includes(value)];
}

export function listOf([words, is]: Kind): Kind {
  return [`a list of ${words}`, (value) => Array.isArray(value) && value.every(is)];
}

export function either(first: Kind, second: Kind): Kind {
  return [`${first[0]}, or ${second[0]}`, (value) => first[1](value) || second[1](value)];
}

/**
 * Finds what no type checker has seen: a field that there is not, or that is something else.
 * @param path stands before a field's name where something is wrong
 * @throws BardcastError `bad-request`, naming the field, and what there is instead
 */
export function requireFields(path: string, given: unknown, kinds: Kinds): Readonly<Record<string, unknown>> {
  const known = Object.keys(kinds).join(", ");
  if (!isObject(given)) throw new BardcastError("bad-request", `${path}expected an object with ${known}`);
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind)
      throw new BardcastError("bad-request", `${path}${name}: there is no such field; there is: ${known}`);
    const [words, is] = kind;
    if (value !== undefined && !is(value))
      throw new BardcastError("bad-request", `${path}${name}: expected ${words}`);
  }
  return given;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

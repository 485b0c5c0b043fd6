/** Whether a value is as it should be. */
export type Check = (value: unknown) => boolean;

/** A message of a type that is not known here, as it came: somebody else's to check. */
export interface OtherMessage {
  type: string;
  [field: string]: unknown;
}

/** For every message of a union, by type, a check for each of its other fields. */
export type Shapes<Message extends { type: string }> = {
  [Type in Message["type"]]: Record<Exclude<keyof Extract<Message, { type: Type }>, "type">, Check>;
};

export const isText: Check = (value) => typeof value === "string";
export const isFlag: Check = (value) => typeof value === "boolean";
/** A whole number from 0. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** A number from 0. */
export const isAmount: Check = (value) => Number.isFinite(value) && (value as number) >= 0;
export const isNumber: Check = (value) => Number.isFinite(value);

export function oneOf(...values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

/** That, or nothing. */
export function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

/** At most `limit` of them. */
export function listOf(check: Check, limit: number): Check {
  return (value) => Array.isArray(value) && value.length <= limit && value.every(check);
}

/** A list of exactly these. */
export function tupleOf(...checks: readonly Check[]): Check {
  return (value) =>
    Array.isArray(value) && value.length === checks.length && checks.every((check, at) => check(value[at]));
}

/** An object with at least these fields. */
export function objectOf(fields: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    return Object.entries(fields).every(([key, check]) => check((value as Record<string, unknown>)[key]));
  };
}

/**
 * A JSON message as one of the union, or as `other` where its type is not known here; undefined for what is malformed.
 * Checked by hand, because a schema library would weigh more than this whole client.
 */
export function parseShaped<Message extends { type: string }>(
  shapes: Shapes<Message>,
  data: unknown,
): Message | { type: "other"; message: OtherMessage } | undefined {
  if (typeof data !== "string") return undefined;
  let message: unknown;
  try {
    message = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof message !== "object" || message === null) return undefined;
  const { type } = message as { type?: unknown };
  if (typeof type !== "string") return undefined;
  if (!Object.hasOwn(shapes, type)) return { type: "other", message: message as OtherMessage };
  return objectOf(shapes[type as Message["type"]])(message) ? (message as Message) : undefined;
}

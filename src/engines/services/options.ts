import { z } from "zod";
import { InputError, parseInput } from "../../core/protocol/messages.ts";
import { environment } from "./net/environment.ts";
import type { ServiceLimits } from "./service-engine.ts";

/** What every service may be told. */
export interface ServiceOptions {
  /** Speaks for all voices that are not the service's own; by default several do, where it has them. */
  voice?: string;
  /** BCP 47 tags that it is asked to speak, lower-cased. */
  languages?: readonly string[];
  /** ms until a socket is open; default 3000. HTTP tells no such thing. */
  connectMs?: number;
  /** ms until the first audio, all tries together; default 8000. Stay below the pool's `hangMs`. */
  firstAudioMs?: number;
  /** ms between two pieces of audio; default 5000. Stay below the pool's `hangMs`. */
  idleMs?: number;
  /** Requests at once, of all workers together; default 4. */
  maxConcurrent?: number;
}

type Optional<Schema extends z.ZodType> = z.ZodExactOptional<Schema>;

const ms = z.number().int().min(1).max(600_000).exactOptional();

/** A name that a service gave to something. */
export const text: Optional<z.ZodString> = z.string().trim().min(1).max(2000).exactOptional();

/** An address of a service; a password in it would be refused by most runtimes' `fetch`. @param schemes without the colon */
export function address(...schemes: string[]): Optional<z.ZodString> {
  const isGood = (value: string): boolean => {
    if (!URL.canParse(value)) return false;
    const { protocol, host, username, password } = new URL(value);
    return schemes.includes(protocol.slice(0, -1)) && host !== "" && username + password === "";
  };
  const beginnings = schemes.map((scheme) => `${scheme}://`).join(" or ");
  const error = `expected an address that begins with ${beginnings}, without a name or password`;
  return z.string().trim().refine(isGood, { error }).exactOptional();
}

/** Fields of `ServiceOptions`, for the schema of a service. */
export const serviceFields: {
  voice: Optional<z.ZodString>;
  languages: Optional<z.ZodArray<z.ZodString>>;
  connectMs: Optional<z.ZodNumber>;
  firstAudioMs: Optional<z.ZodNumber>;
  idleMs: Optional<z.ZodNumber>;
  maxConcurrent: Optional<z.ZodNumber>;
} = {
  voice: text,
  languages: z.array(z.string().trim().toLowerCase().min(1)).exactOptional(),
  connectMs: ms,
  firstAudioMs: ms,
  idleMs: ms,
  maxConcurrent: z.number().int().min(1).max(256).exactOptional(),
};

/**
 * Options as somebody gave them. @param variables of the environment, from which the fields come that were left out
 * @throws InputError `bad-request`, naming the field or the variable and never its value
 */
export function parseOptions<T extends object>(
  schema: z.ZodType<T>,
  raw: T | undefined,
  variables: { readonly [Field in keyof T & string]?: string } = {},
): T {
  const own: object = raw ?? {};
  const found = new Map<string, { variable: string; value: string }>();
  for (const [field, variable] of Object.entries<string | undefined>(variables)) {
    const value = variable === undefined || field in own ? undefined : environment(variable);
    if (variable !== undefined && value !== undefined) found.set(field, { variable, value });
  }
  const fields = Object.fromEntries([...found].map(([field, { value }]) => [field, value]));
  try {
    return parseInput(schema, { ...fields, ...own });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.issues.map(({ path, message }) => ({ path: found.get(path)?.variable ?? path, message })),
    );
  }
}

export function limitsOf(options: ServiceOptions): ServiceLimits {
  const { connectMs = 3000, firstAudioMs = 8000, idleMs = 5000, maxConcurrent = 4 } = options;
  return { connectMs, firstAudioMs, idleMs, maxConcurrent };
}

import type { z } from "zod";

/** Who may ask: anybody, or whoever has a token of one of these. */
export type Caller = "anybody" | "holder" | "player" | "speaker" | "dm" | "operator";

/** What is answered, where all is well. */
export interface Answered {
  /** JSON of this form; undefined: something else, of `type`. */
  schema?: z.ZodType;
  type?: string;
  description: string;
}

/** One route. */
export interface Operation {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As hono has it: `/api/speak/:utterance`. */
  path: string;
  summary: string;
  caller: Caller;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The body may be the text itself, and the rest of the fields is in the address. */
  takesText?: true;
  answered: Readonly<Record<number, Answered>>;
  /** Errors are told in another form. */
  errors?: z.ZodType;
}

export const ok = (schema: z.ZodType, description = "Done."): Answered => ({ schema, description });
export const bytes = (type: string, description: string): Answered => ({ type, description });

type Short = Omit<Operation, "method" | "path">;
/** One route, in one row. */
export const at = (
  method: Operation["method"],
  path: string,
  caller: Caller,
  summary: string,
  answered: Operation["answered"],
  more: Omit<Short, "caller" | "summary" | "answered"> = {},
): Operation => ({ method, path, caller, summary, answered, ...more });

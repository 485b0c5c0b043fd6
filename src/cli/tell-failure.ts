import { messageOf } from "../core/errors.ts";
import { UsageError } from "./options.ts";
import { warn, warnLines } from "./terminal.ts";

/** Tells why a command failed, and of a mistake in how it was typed how it is typed; the exit code. */
export function tellFailure(
  error: unknown,
  usage: string,
  explain: (error: unknown) => string = messageOf,
): number {
  if (!(error instanceof UsageError)) warn(explain(error));
  else {
    warn(error.message);
    warnLines(`\n${usage}`);
  }
  return 1;
}

import { letGo, quietly } from "../../core/async/abortable.ts";
import { printable } from "../../core/text/printable.ts";

/** What all of Bardcast logs under, in LogTape's tree of categories. */
export const LOG_CATEGORY = "bardcast";

/**
 * Where a table's warnings go, one sentence each: to LogTape, which is silent until the program configures it, and to
 * whoever asked for them. Nothing in them moves a cursor or forges a line.
 * @param told what `createParty` was given as `log`
 */
export function partyLog(told: ((message: string) => void) | undefined): (message: string) => void {
  const tell = quietly(told);
  return (message) => {
    const line = printable(message);
    tell(line);
    letGo(() => warn(line));
  };
}

/** Loaded with the first warning: importing stays quick. */
async function warn(line: string): Promise<void> {
  const { getLogger } = await import("@logtape/logtape");
  getLogger([LOG_CATEGORY]).warn(asTemplate(line));
}

/** LogTape takes what stands in braces for the name of a property. */
function asTemplate(line: string): string {
  return line.replace(/[{}]/g, "$&$&");
}

import { letGo, quietly } from "../../core/async/abortable.ts";
import { printable } from "../../core/text/printable.ts";

/**
 * Where a table's warnings go, one sentence each: to LogTape, which is silent until the program configures it, and to
 * whoever asked for them; where neither listens, to the console. Nothing in them moves a cursor or forges a line.
 * @param told what `createParty` was given as `log`
 */
export function partyLog(told: ((message: string) => void) | undefined): (message: string) => void {
  const tell = quietly(told);
  return (message) => {
    const line = printable(message);
    tell(line);
    // Loaded with the first warning: importing stays quick.
    letGo(async () => (await import("./warnings.ts")).logWarning(line, told === undefined));
  };
}

import { getConfig, getLogger } from "@logtape/logtape";

/** What all of Bardcast logs under, in LogTape's tree of categories. */
export const LOG_CATEGORY = "bardcast";

/** Logs a warning, one sentence that is clean already. @param isUntold nobody else is told: it is not lost where nobody logs */
export function logWarning(line: string, isUntold = false): void {
  if (isUntold && getConfig() === null) console.warn(line);
  // LogTape takes what stands in braces for the name of a property.
  getLogger([LOG_CATEGORY]).warn(line.replace(/[{}]/g, "$&$&"));
}

import type { Evening } from "../evening.ts";
import { must } from "./fault.ts";
import { checkReport } from "./reports.ts";
import { checkTexts } from "./texts.ts";

/** When everything has come to an end. @throws Fault */
export function checkEnd(evening: Evening): void {
  const { said, server } = evening;
  for (const own of said) {
    if (own.server !== server) continue;
    must(own.pending.size === 0, () => `line ${own.number} waits for ${[...own.pending]} for ever`);
  }
  for (const page of evening.pages) checkTexts(page, evening);
  for (const own of said) if (own.server === server) checkReport(own, evening);
}

import type { Evening } from "../evening.ts";
import type { Page } from "../listeners/page.ts";
import type { Player } from "../plan.ts";
import { must } from "./fault.ts";
import { checkReport, checkReportsOfBefore } from "./reports.ts";
import { checkOver, checkTexts } from "./texts.ts";

/** ms after which nothing of a line goes on that was cancelled: as long as a clip takes that has begun. */
const CANCEL_MS = 1_000;
/** ms for which its report waits for a disk that does not answer, or is slow. */
const DISK_MS = 2_000;

/** When everything has come to an end. @throws Fault */
export function checkEnd(evening: Evening): void {
  const { said, server, plan } = evening;
  for (const own of said) {
    if (own.server !== server) continue;
    must(own.pending.size === 0, () => `line ${own.number} waits for ${[...own.pending]} for ever`);
  }
  const hasSlept = plan.acts.some(({ act }) => act.act === "sleep" && act.who === "server");
  const mayHang = plan.acts.some(
    ({ act }) =>
      (act.act === "disk" && act.trouble === "hung") ||
      (act.act === "restart" && act.trouble?.trouble === "hung"),
  );
  const mostMs = CANCEL_MS + (mayHang || plan.store?.isSlow ? DISK_MS : 0);
  for (const { number, cancelledAt, handedOverAt, server: own } of said) {
    if (own !== server || hasSlept) continue;
    const tookMs = Math.min(handedOverAt, Number.MAX_SAFE_INTEGER) - cancelledAt;
    must(!(tookMs > mostMs), () => `line ${number} goes on for ${tookMs} ms after it was cancelled`);
  }
  for (const page of evening.pages) {
    checkTexts(page, evening);
    checkOver(page);
    must(isBack(page, evening), () => `${page.name} does not come back, but is ${page.client.state.name}`);
  }
  for (const own of said) if (own.server === server) checkReport(own, evening);
  checkReportsOfBefore(evening);
}

/** Whether whoever has a good link is here. */
export function isBack(page: Page, { links }: Evening): boolean {
  const isWelcome = links.isGood(page.player as Player, page.options.token);
  const { state } = page.client;
  // Sockets that were cut and are not known to be dead yet may leave no room for another one.
  const isCrowded = state.name === "refused" && state.why === "crowded";
  return page.hasLeft || page.isListening || !isWelcome || isCrowded;
}

import type { Observe, UtteranceOutcome } from "../../core/observation.ts";
import type { DeliveryReport } from "../../core/protocol/api.ts";
import { CONTEXTS } from "../../engines/routing/tiers.ts";
import { isPrivate, type ResolvedRequest } from "../request/resolved-request.ts";
import type { Utterance } from "../request/utterance.ts";

/** Tells whoever observes that an utterance begins, that it was handed over, and how it was heard. */
export function observeUtterance(
  active: Utterance & { readonly request: ResolvedRequest },
  listeners: number,
  observe: Observe,
): void {
  const { id: utterance, request } = active;
  observe({
    type: "utterance.begun",
    utterance,
    context: CONTEXTS.find((known) => known === request.context) ?? "other",
    isPrivate: isPrivate(request),
    listeners,
  });
  void active.handedOver.then((report) =>
    observe({ type: "utterance.handed-over", utterance, outcome: outcomeOf(report) }),
  );
  void active.done.then((report) =>
    observe({ type: "utterance.done", utterance, outcome: outcomeOf(report) }),
  );
}

function outcomeOf(report: DeliveryReport): UtteranceOutcome {
  return {
    isDelivered: report.delivered,
    isCancelled: report.cancelled,
    listeners: report.listeners,
    sentences: report.sentences,
    audioMs: report.durationMs,
    underruns: report.players.reduce((sum, { underruns }) => sum + underruns, 0),
    problems: report.problems.map(({ code }) => code),
  };
}

import type { Turnstile } from "../core/turn.ts";
import type { Journal } from "./journal.ts";
import type { PerformanceLimits } from "./utterance-limits.ts";

/** What handing an utterance to its listeners shares with the others of its party. */
export interface FanOutContext {
  turns: Turnstile;
  journal: Journal;
  limits: PerformanceLimits;
}

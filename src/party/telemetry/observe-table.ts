import type { Observers } from "../../core/observation.ts";
import { logObserver } from "./log-observer.ts";
import { traceObserver } from "./trace-observer.ts";

/** The connections of a table, as far as they are observed. */
interface Observed {
  onChange(listener: (connection: { wasTooSlow: boolean }, change: "opened" | "ended") => void): unknown;
}

/** Has a table traced and logged, and its connections observed. */
export function observeTable(connections: Observed, observers: Observers): void {
  observers.add(logObserver());
  observers.add(traceObserver());
  connections.onChange(({ wasTooSlow }, change) => {
    if (change === "ended" && wasTooSlow)
      observers.observe({ type: "limit.reached", limit: "connection_queue" });
  });
}

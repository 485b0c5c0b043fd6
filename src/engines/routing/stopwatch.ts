import type { Observe } from "../../core/observation.ts";
import type { SentenceEvent, SentenceJob } from "../contract/sentence-job.ts";

/**
 * From now on until the sentence's end, which it is to be told as all its events: how long an engine took for it, for
 * whoever observes. For silence no engine is asked.
 */
export function stopwatch(
  engine: string,
  job: Pick<SentenceJob, "text">,
  observe: Observe,
): (event: SentenceEvent) => void {
  const since = performance.now();
  return (event) => {
    if (event.type !== "end" || job.text === "") return;
    observe({ type: "engine.spoke", engine, tookMs: performance.now() - since, audioMs: event.durationMs });
  };
}

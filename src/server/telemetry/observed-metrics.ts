import type { ErrorCode } from "../../core/errors.ts";
import {
  DOORS,
  LIMITS,
  type Observation,
  type Observe,
  type UtteranceOutcome,
} from "../../core/observation.ts";
import type { Measures } from "./measures.ts";

/** s: a sentence from memory, from a small engine, from a large one or a service, and one that hardly comes. */
const LATENCY = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** s of work for one sentence, and of waiting for it. */
const WORK = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Time an engine takes for a second of speech: beyond 1 listeners wait for it. */
const REAL_TIME = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4];
/** s by which a device is off: 5 ms are not heard, 100 ms are an echo. */
const SKEW = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];
/** s: a client may say any number, and all of them are in one sum. */
const MAX_SKEW = 10;

/** Counts what a table is observed to do. Engines are the only names in it: those of the operator's own choosing. */
export function observedMetrics(measures: Measures): Observe {
  const firstAudio = measures.histogram(
    "first_audio_seconds",
    "From the request to the first sound that can be sent.",
    { buckets: LATENCY },
  );
  const synthesis = measures.histogram("synthesis_seconds", "Time an engine took for one sentence.", {
    buckets: WORK,
    labels: ["engine"],
  });
  const realTime = measures.histogram(
    "real_time_factor",
    "Time an engine took, in parts of the duration of what it made.",
    { buckets: REAL_TIME, labels: ["engine"] },
  );
  const engineAudio = measures.counter("engine_audio_seconds_total", "Speech that engines made.", ["engine"]);
  const engineFailures = measures.counter("engine_failures_total", "Sentences an engine failed at.", [
    "engine",
    "code",
  ]);
  const wait = measures.histogram("worker_wait_seconds", "Time a sentence waited for a worker.", {
    buckets: WORK,
  });
  const underruns = measures.counter("client_underruns_total", "Times sound ran dry, as clients report.");
  const reports = measures.counter("client_reports_total", "What clients say about how they hear.", [
    "state",
  ]);
  const skew = measures.histogram(
    "client_skew_seconds",
    "By how much a client that keeps step plays too late or too early, as it reports.",
    { buckets: SKEW },
  );
  const errors = measures.counter(
    "errors_total",
    "Errors that were answered (http, socket, or by another door), and what went wrong with speech.",
    ["code", "over"],
  );
  const limits = measures.counter("limits_reached_total", "Times something ran into a limit.", ["limit"]);
  // A limit that was never reached is 0, not missing: only then does an alert see its first time.
  for (const limit of LIMITS) limits.inc({ limit }, 0);
  const doors = measures.counter("door_requests_total", "Requests of other programs, by their door.", [
    "door",
  ]);
  const doorAudio = measures.counter("door_audio_seconds_total", "Speech that was made for other programs.", [
    "door",
  ]);
  for (const door of DOORS) {
    doors.inc({ door }, 0);
    doorAudio.inc({ door }, 0);
  }
  const doorFirstByte = measures.histogram(
    "door_first_byte_seconds",
    "From the request of another program to the first of its answer.",
    { buckets: LATENCY, labels: ["door"] },
  );

  const fail = (code: ErrorCode, over: string): void => errors.inc({ code, over });
  const end = ({ underruns: times, problems }: UtteranceOutcome): void => {
    underruns.inc(times);
    for (const code of problems) fail(code, "speech");
  };
  return (seen: Observation) => {
    switch (seen.type) {
      case "utterance.first-audio":
        return firstAudio.observe(seen.afterMs / 1000);
      case "utterance.done":
        return end(seen.outcome);
      case "worker.waited":
        return wait.observe(seen.waitedMs / 1000);
      case "engine.spoke":
        synthesis.observe({ engine: seen.engine }, seen.tookMs / 1000);
        engineAudio.inc({ engine: seen.engine }, seen.audioMs / 1000);
        if (seen.audioMs > 0) realTime.observe({ engine: seen.engine }, seen.tookMs / seen.audioMs);
        return;
      case "engine.failed":
        return engineFailures.inc({ engine: seen.engine, code: seen.code });
      case "client.reported":
        reports.inc({ state: seen.state });
        if (seen.skewMs !== undefined) skew.observe(Math.min(Math.abs(seen.skewMs) / 1000, MAX_SKEW));
        return;
      case "limit.reached":
        return limits.inc({ limit: seen.limit });
      case "door.used":
        return doors.inc({ door: seen.door });
      case "door.answered":
        return doorFirstByte.observe({ door: seen.door }, seen.afterMs / 1000);
      case "door.spoke":
        return doorAudio.inc({ door: seen.door }, seen.audioMs / 1000);
      case "error.told":
        return fail(seen.code, seen.over);
    }
  };
}

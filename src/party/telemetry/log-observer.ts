import { getLogger, type Logger, type LogLevel } from "@logtape/logtape";
import type { Observation, Observe } from "../../core/observation.ts";
import { printable } from "../../core/text/printable.ts";
import { LOG_CATEGORY } from "./warnings.ts";

/** Logs what becomes of utterances, by their ids: never who hears them, and never a text. */
export function logObserver(): Observe {
  const logger = getLogger([LOG_CATEGORY, "utterance"]);
  return (seen) => {
    // Asked before anything is written: most tables log less than they could.
    const level = LEVELS[seen.type];
    if (level && logger.isEnabledFor(level)) logUtterance(logger, seen);
  };
}

const LEVELS: Readonly<Partial<Record<Observation["type"], LogLevel>>> = {
  "utterance.begun": "info",
  "utterance.first-audio": "debug",
  "sentence.spoken": "debug",
  "sentence.failed": "warning",
  "utterance.handed-over": "info",
};

function logUtterance(logger: Logger, seen: Observation): void {
  switch (seen.type) {
    case "utterance.begun": {
      const { utterance, context, listeners } = seen;
      logger.info("utterance {utterance} begins: {context}, {listeners} listeners", {
        utterance,
        context: printable(context),
        listeners,
      });
      break;
    }
    case "utterance.first-audio":
      logger.debug("utterance {utterance} has sound after {afterMs} ms", {
        utterance: seen.utterance,
        afterMs: Math.round(seen.afterMs),
      });
      break;
    case "sentence.spoken": {
      const { utterance, sentence, engine, isKept } = seen;
      logger.debug("sentence {sentence} of utterance {utterance} is spoken by {engine}", {
        utterance,
        sentence,
        engine: printable(engine),
        isKept,
      });
      break;
    }
    case "sentence.failed": {
      const { utterance, sentence, code } = seen;
      logger.warn("sentence {sentence} of utterance {utterance} has no sound: {code}", {
        utterance,
        sentence,
        code,
      });
      break;
    }
    case "utterance.handed-over": {
      const { utterance } = seen;
      const { isDelivered, isCancelled, listeners, sentences, audioMs } = seen.outcome;
      const outcome = isCancelled ? "cancelled" : isDelivered ? "delivered" : "delivered to nobody whole";
      logger.info("utterance {utterance} is {outcome}: {sentences} sentences, {audioMs} ms", {
        utterance,
        outcome,
        listeners,
        sentences,
        audioMs: Math.round(audioMs),
      });
    }
  }
}

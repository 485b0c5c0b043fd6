import { getLogger, type Logger } from "@logtape/logtape";
import { quietly } from "../../core/async/abortable.ts";
import type { Observation, Observe } from "../../core/observation.ts";
import { printable } from "../../core/text/printable.ts";

/** What all of Bardcast logs under, in LogTape's tree of categories. */
export const LOG_CATEGORY = "bardcast";

/**
 * Where a table's warnings go, one sentence each: to LogTape, which is silent until the program configures it, and to
 * whoever asked for them. Nothing in them moves a cursor or forges a line.
 * @param told what `createParty` was given as `log`
 */
export function partyLog(told: ((message: string) => void) | undefined): (message: string) => void {
  const logger = getLogger([LOG_CATEGORY]);
  const tell = quietly(told);
  return (message) => {
    const line = printable(message);
    logger.warn(asTemplate(line));
    tell(line);
  };
}

/** Logs what becomes of utterances, by their ids: never who hears them, and never a text. */
export function logObserver(): Observe {
  const logger = getLogger([LOG_CATEGORY, "utterance"]);
  return (seen) => logUtterance(logger, seen);
}

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

/** LogTape takes what stands in braces for the name of a property. */
function asTemplate(line: string): string {
  return line.replace(/[{}]/g, "$&$&");
}

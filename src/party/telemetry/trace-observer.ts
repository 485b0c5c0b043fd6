import {
  context,
  isSpanContextValid,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Observation, Observe, UtteranceOutcome } from "../../core/observation.ts";

/** Utterances that are traced at once; more than that are not. */
const MAX_OPEN = 1024;

interface OpenUtterance {
  span: Span;
  sentence: Span | undefined;
}

/**
 * Spans from the request for an utterance to its last chunk, one below it for each sentence, by the global tracer
 * provider of OpenTelemetry. Without an SDK they cost next to nothing and go nowhere. Their parent is whatever span was
 * active when the utterance was asked for.
 */
export function traceObserver(tracer: Tracer = trace.getTracer("bardcast")): Observe {
  const open = new Map<string, OpenUtterance>();
  return (seen) => {
    if (seen.type === "utterance.begun") {
      if (open.size >= MAX_OPEN) return;
      const span = begin(tracer, seen);
      // Without an SDK there is nobody to tell the rest.
      if (isSpanContextValid(span.spanContext())) open.set(seen.utterance, { span, sentence: undefined });
    } else if ("utterance" in seen) {
      const traced = open.get(seen.utterance);
      if (!traced) return;
      follow(tracer, traced, seen);
      if (seen.type === "utterance.handed-over") open.delete(seen.utterance);
    }
  };
}

function begin(tracer: Tracer, seen: Observation & { type: "utterance.begun" }): Span {
  return tracer.startSpan("bardcast.utterance", {
    attributes: {
      "bardcast.utterance.id": seen.utterance,
      "bardcast.utterance.context": seen.context,
      "bardcast.utterance.private": seen.isPrivate,
      "bardcast.utterance.listeners": seen.listeners,
    },
  });
}

function follow(tracer: Tracer, traced: OpenUtterance, seen: Observation): void {
  const { span } = traced;
  switch (seen.type) {
    case "utterance.first-audio":
      span.addEvent("first audio");
      break;
    case "sentence.begun":
      traced.sentence = tracer.startSpan(
        "bardcast.sentence",
        { attributes: { "bardcast.sentence.index": seen.sentence } },
        trace.setSpan(context.active(), span),
      );
      break;
    case "sentence.spoken":
      traced.sentence?.setAttributes({
        "bardcast.engine": seen.engine,
        "bardcast.audio.ms": seen.audioMs,
        "bardcast.cached": seen.isKept,
      });
      endSentence(traced);
      break;
    case "sentence.failed":
      traced.sentence?.setStatus({ code: SpanStatusCode.ERROR, message: seen.code });
      endSentence(traced);
      break;
    case "utterance.handed-over":
      endSentence(traced);
      end(span, seen.outcome);
  }
}

function endSentence(traced: OpenUtterance): void {
  traced.sentence?.end();
  traced.sentence = undefined;
}

function end(span: Span, { isDelivered, isCancelled, sentences, audioMs, problems }: UtteranceOutcome): void {
  span.setAttributes({
    "bardcast.utterance.delivered": isDelivered,
    "bardcast.utterance.cancelled": isCancelled,
    "bardcast.utterance.sentences": sentences,
    "bardcast.audio.ms": audioMs,
  });
  const [code] = problems;
  if (code !== undefined && !isDelivered) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.end();
}

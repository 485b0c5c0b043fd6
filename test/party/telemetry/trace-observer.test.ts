import { afterEach, expect, test } from "bun:test";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { createParty } from "../../../src/party/create-party.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

/** A tracer provider in place of the global one, as a program with an SDK sets it, until the test ends. */
function traced(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  return exporter;
}

afterEach(() => trace.disable());

test("an utterance is a span from the request to its last chunk, with one below it for each sentence", async () => {
  const exporter = traced();
  const party = await createParty({ engines: [new ToneEngine()] });
  party.connections.connect(new FakeSocket(), "thorin");
  const line = party.speak({ text: "Hello there. Who goes?", context: "dialogue" });
  await line.handedOver;
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toEqual([
    "bardcast.sentence",
    "bardcast.sentence",
    "bardcast.utterance",
  ]);
  const [first, second, whole] = spans;
  expect(whole?.attributes).toMatchObject({
    "bardcast.utterance.id": line.id,
    "bardcast.utterance.context": "dialogue",
    "bardcast.utterance.listeners": 1,
    "bardcast.utterance.delivered": true,
    "bardcast.utterance.sentences": 2,
  });
  expect(whole?.events.map(({ name }) => name)).toEqual(["first audio"]);
  for (const sentence of [first, second]) {
    expect(sentence?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId ?? "");
    expect(sentence?.attributes["bardcast.engine"]).toBe("tone");
  }
  await party.close();
});

test("a sentence that no engine could speak is a span with an error's code, and no word of it", async () => {
  const exporter = traced();
  const party = await createParty({ engines: [new ToneEngine({ failsOn: () => true })] });
  party.connections.connect(new FakeSocket(), "thorin");
  await party.speak({ text: "Mellon.", to: ["thorin"] }).handedOver;
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ status }) => status)).toEqual([
    { code: SpanStatusCode.ERROR, message: "all-engines-failed" },
    { code: SpanStatusCode.ERROR, message: "all-engines-failed" },
  ]);
  expect(
    JSON.stringify(spans.map(({ attributes, events, status }) => [attributes, events, status])),
  ).not.toMatch(/Mellon|thorin/);
  await party.close();
});

test("without an SDK nothing is traced, and nothing is missing", async () => {
  const party = await createParty({ engines: [new ToneEngine()] });
  party.connections.connect(new FakeSocket(), "thorin");
  expect(await party.streamToAll("Quiet.")).toBe(true);
  expect(trace.getSpan(context.active())).toBeUndefined();
  await party.close();
});

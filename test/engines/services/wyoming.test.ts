import { expect, test } from "bun:test";
import type { Socket } from "node:net";
import { deferred } from "../../../src/core/async/deferred.ts";
import { createWyomingEngine } from "../../../src/engines/services/wyoming.ts";
import type { WyomingEvent } from "../../../src/engines/services/wyoming-wire.ts";
import { counting, cut, failure, say, start } from "../../support/services/speaking.ts";
import { TcpService, writeEvent } from "../../support/services/tcp-service.ts";
import { until } from "../../support/table.ts";

const FORMAT = { rate: 22_050, width: 2, channels: 1 };
const VOICES = [
  { name: "en_US-lessac-medium", languages: ["en_US"], installed: true },
  { name: "de_DE-thorsten-medium", languages: ["de_DE"] },
  { name: "fr_FR-siwis-low", languages: ["fr_FR"], installed: false },
];

function answer(
  socket: Socket,
  event: WyomingEvent,
  parts: readonly Uint8Array[] = cut(counting(1000), 301),
): void {
  if (event.type === "describe") writeEvent(socket, "info", { tts: [{ name: "piper", voices: VOICES }] });
  if (event.type !== "synthesize") return;
  writeEvent(socket, "audio-start", FORMAT);
  for (const part of parts) writeEvent(socket, "audio-chunk", FORMAT, part);
  writeEvent(socket, "audio-stop");
}

test("speech is heard before the server has finished, whole however it is cut", async () => {
  const more = deferred();
  const [first, ...rest] = cut(counting(1000), 301);
  await using service = await TcpService.start(async (event, socket) => {
    if (event.type !== "synthesize") return;
    writeEvent(socket, "audio-start", FORMAT);
    writeEvent(socket, "audio-chunk", FORMAT, first);
    await more.promise;
    for (const part of rest) writeEvent(socket, "audio-chunk", FORMAT, part);
    writeEvent(socket, "audio-stop");
  });
  const samples: number[] = [];
  for await (const piece of start(createWyomingEngine({ url: service.url }))) {
    expect(piece.sampleRate).toBe(22_050);
    samples.push(...piece.samples);
    more.resolve();
  }
  expect(samples.map((sample) => Math.round(sample * 32_768))).toEqual(
    Array.from({ length: 1000 }, (_, at) => at),
  );
});

test("the order goes out in one write, and its connection is closed after the last sound", async () => {
  await using service = await TcpService.start((event, socket) => answer(socket, event));
  await say(createWyomingEngine({ url: service.url }), "Hello.", { voiceId: "en_US-lessac-medium" });
  expect(service.chunks.length).toBe(1);
  expect(service.heard[0]).toMatchObject({
    type: "synthesize",
    data: { text: "Hello.", voice: { name: "en_US-lessac-medium" } },
  });
  await until(() => service.closed === 1);
});

test("it learns the voices that are installed, and their languages; any other gives way", async () => {
  await using service = await TcpService.start((event, socket) => answer(socket, event));
  const engine = createWyomingEngine({ url: service.url });
  expect(engine.supportedLanguages()).toEqual(["*"]);
  await engine.warmup();
  expect(engine.supportedLanguages()).toEqual(["en-us", "de-de"]);
  const ids = ["de_DE-thorsten-medium", "fr_FR-siwis-low", "en-us+f3"];
  for (const voiceId of ids) await say(engine, "Hello.", { voiceId, language: "en-us" });
  expect(service.heard.slice(1).map(({ data }) => data.voice)).toEqual([
    { name: "de_DE-thorsten-medium" },
    { language: "en-us" },
    { language: "en-us" },
  ]);
});

test("a voice that the server lists and has not got gives way to its own; any other error is told", async () => {
  await using service = await TcpService.start((event, socket) => {
    const voice = event.data.voice as { name?: string } | undefined;
    if (voice?.name === "de_DE-thorsten-medium")
      writeEvent(socket, "error", { text: voice.name, code: "VoiceNotFoundError" });
    else if (event.data.text === "Break.") writeEvent(socket, "error", { text: "no", code: "RuntimeError" });
    else answer(socket, event);
  });
  const engine = createWyomingEngine({ url: service.url });
  await engine.warmup?.();
  const voice = { voiceId: "de_DE-thorsten-medium" };
  expect((await say(engine, "Hallo.", voice)).samples).toHaveLength(1000);
  await say(engine, "Noch einmal.", voice);
  const named = service.heard.filter(({ type }) => type === "synthesize").map(({ data }) => data.voice);
  expect(named).toEqual([{ name: "de_DE-thorsten-medium" }, { language: "en-us" }, { language: "en-us" }]);
  expect((await failure(say(engine, "Break."))).message).toBe("the server said: RuntimeError: no");
});

test("a server that is not there when the table is set is no obstacle; it is asked later", async () => {
  const gone = await TcpService.start(() => undefined);
  const { url } = gone;
  await gone[Symbol.asyncDispose]();
  const engine = createWyomingEngine({ url });
  await engine.warmup();
  expect(await engine.isAvailable()).toBe(true);
  expect(await failure(say(engine))).toMatchObject({
    code: "engine-unavailable",
    message: `${new URL(url).host} cannot be reached`,
  });
});

test("a server that says nothing does not keep the table waiting", async () => {
  await using service = await TcpService.start(() => undefined);
  await createWyomingEngine({ url: service.url, connectMs: 50 }).warmup();
  await until(() => service.closed === 1);
});

test("a cancelled line closes its connection", async () => {
  await using service = await TcpService.start((event, socket) => {
    if (event.type === "synthesize") writeEvent(socket, "audio-start", FORMAT);
  });
  const abort = new AbortController();
  const saying = say(createWyomingEngine({ url: service.url }), "Hello.", {}, abort.signal);
  await until(() => service.heard.length === 1);
  abort.abort(new Error("enough"));
  expect((await failure(saying)).message).toBe("enough");
  await until(() => service.closed === 1);
});

test("a connection that ends before the speech does is a failure", async () => {
  await using service = await TcpService.start((event, socket) => {
    if (event.type !== "synthesize") return;
    writeEvent(socket, "audio-start", FORMAT);
    writeEvent(socket, "audio-chunk", FORMAT, counting(100));
    socket.end();
  });
  expect(await failure(say(createWyomingEngine({ url: service.url })))).toMatchObject({
    code: "engine-failed",
  });
  expect(service.open).toBe(1);
});

test("what is not the protocol, and an event without end, is refused", async () => {
  await using nonsense = await TcpService.start(
    (_, socket) => void socket.write("HTTP/1.1 400 Bad Request\n"),
  );
  expect((await failure(say(createWyomingEngine({ url: nonsense.url })))).message).toContain(
    "not its protocol",
  );
  const huge = `${JSON.stringify({ type: "audio-chunk", payload_length: 1e9 })}\n`;
  await using endless = await TcpService.start((_, socket) => void socket.write(huge));
  expect((await failure(say(createWyomingEngine({ url: endless.url })))).message).toContain("too large");
});

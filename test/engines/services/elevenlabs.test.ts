import { expect, test } from "bun:test";
import type { WebSocket } from "ws";
import { deferred } from "../../../src/core/async/deferred.ts";
import { createElevenLabsEngine } from "../../../src/engines/services/elevenlabs.ts";
import { dialoguePart, elevenLabsPart } from "../../support/services/elevenlabs-messages.ts";
import { SocketService } from "../../support/services/socket-service.ts";
import { failure, say, start } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";

const apiKey = "xi-very-secret";
const TEXT = "The dragon's roar!";

/** The service says what it has once the text has ended, as it does. */
function onEnd(answer: (socket: WebSocket) => void | Promise<void>) {
  return async (message: string, socket: WebSocket) => {
    if (JSON.parse(message).text === "") await answer(socket);
  };
}

test("speech and words are heard before the service has finished; a word may be cut by a part's border", async () => {
  const more = deferred();
  await using service = await SocketService.start({
    onMessage: onEnd(async (socket) => {
      socket.send(elevenLabsPart(0, "The dra"));
      await more.promise;
      socket.send(elevenLabsPart(1, "gon's roar!"));
      socket.send(JSON.stringify({ isFinal: true }));
    }),
  });
  const samples: number[] = [];
  const words: unknown[] = [];
  for await (const piece of start(createElevenLabsEngine({ baseUrl: service.url, apiKey }), TEXT)) {
    expect(piece.sampleRate).toBe(24_000);
    samples.push(...piece.samples);
    words.push(...(piece.words ?? []));
    more.resolve();
  }
  expect(samples.map((sample) => Math.round(sample * 32_768))).toEqual(
    Array.from({ length: 4800 }, (_, at) => at),
  );
  expect(words).toEqual([
    [0, 3, 0, 30],
    [4, 8, 40, 150],
    [13, 4, 160, 210],
  ]);
});

test("the conversation is what the service wants: settings and key first, never in the address; then the text, then its end", async () => {
  await using service = await SocketService.start({
    onMessage: onEnd((socket) => {
      socket.send(elevenLabsPart(0, "Hi"));
      socket.send(JSON.stringify({ isFinal: true }));
    }),
  });
  const voiceId = "21m00Tcm4TlvDq8ikWAM";
  const engine = createElevenLabsEngine({ baseUrl: service.url, apiKey });
  await say(engine, "Hi.", { voiceId, language: "de-at" });
  await say(engine, "Hi.", { voiceId: "en-us+f3" });
  const [first, second] = service.conversations;
  expect(first?.path).toStartWith(`/v1/text-to-speech/${voiceId}/stream-input?`);
  expect(Object.fromEntries(new URLSearchParams(first?.path.split("?")[1]))).toMatchObject({
    model_id: "eleven_flash_v2_5",
    output_format: "pcm_24000",
    language_code: "de",
  });
  expect(first?.path).not.toContain(apiKey);
  expect(first?.heard.map((message) => JSON.parse(message))).toEqual([
    { text: " ", "xi-api-key": apiKey, xi_api_key: apiKey },
    { text: "Hi. " },
    { text: "" },
  ]);
  expect(second?.path).toMatch(/^\/v1\/text-to-speech\/\w{20}\/stream-input\?/);
  await until(() => service.conversations.every(({ closed }) => closed));
});

test("what is interrupted is closed at once, by a cancel and by a reader who left", async () => {
  await using service = await SocketService.start({
    onMessage: onEnd((socket) => socket.send(elevenLabsPart(0, "The"))),
  });
  const engine = createElevenLabsEngine({ baseUrl: service.url, apiKey });
  const abort = new AbortController();
  const saying = say(engine, TEXT, {}, abort.signal);
  await until(() => service.conversations[0]?.heard.length === 3);
  abort.abort(new Error("enough"));
  expect((await failure(saying)).message).toBe("enough");
  for await (const _ of start(engine, TEXT)) break;
  await until(() => service.conversations.filter(({ closed }) => closed).length === 2);
});

test("a refusal of the key is final and does not quote it; a crowd is asked again", async () => {
  const replies = [
    { error: "invalid_api_key", message: `The key ${apiKey} is wrong.` },
    { error: "too_many_concurrent_requests", message: "Too many." },
  ];
  await using service = await SocketService.start({
    onMessage: onEnd((socket) => {
      const reply = replies[service.conversations.length - 1];
      socket.send(reply ? JSON.stringify(reply) : elevenLabsPart(0, "The "));
      if (!reply) socket.send(JSON.stringify({ isFinal: true }));
    }),
  });
  const engine = createElevenLabsEngine({ baseUrl: service.url, apiKey });
  expect(await failure(say(engine))).toMatchObject({
    code: "engine-unavailable",
    message: "the service said: The key *** is wrong.",
  });
  expect((await say(engine)).samples.length).toBe(2400);
  expect(service.conversations.length).toBe(3);
});

test("a socket that closes before the end is a failure; one that never opens is given up in its time", async () => {
  await using closing = await SocketService.start({
    onMessage: onEnd((socket) => {
      socket.send(elevenLabsPart(0, "The"));
      socket.close();
    }),
  });
  expect((await failure(say(createElevenLabsEngine({ baseUrl: closing.url, apiKey })))).message).toBe(
    "the connection broke",
  );
  const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const baseUrl = `ws://127.0.0.1:${silent.port}`;
  const limits = { connectMs: 50, firstAudioMs: 120 };
  const error = await failure(say(createElevenLabsEngine({ baseUrl, apiKey, ...limits })));
  expect(error.code).toBe("engine-hung");
  silent.stop(true);
});

test.each(["eleven_v4_turbo", "eleven_v4", "eleven_v3", "eleven_v3_conversational"])(
  "%s is spoken to over the socket for dialogues, which says everything in its own way",
  async (model) => {
    const voiceId = "21m00Tcm4TlvDq8ikWAM";
    await using service = await SocketService.start({
      onMessage(message, socket) {
        if (JSON.parse(message).close_socket !== true) return;
        socket.send(dialoguePart(0, "The dra"));
        socket.send(dialoguePart(1, "gon's roar!"));
        // Not everybody who documents it has seen an object here.
        socket.send(JSON.stringify({ audio: "", alignment: [{ chars: ["x"] }] }));
        socket.send(JSON.stringify({ is_final_audio_for_turn: true }));
        if (model === "eleven_v4") socket.close();
        else socket.send(JSON.stringify({ is_final: true }));
      },
    });
    const engine = createElevenLabsEngine({ baseUrl: service.url, apiKey, model });
    const { samples, words } = await say(engine, TEXT, { voiceId, language: "de" });
    expect(samples).toEqual(Array.from({ length: 4800 }, (_, at) => at));
    expect(words).toEqual([
      [0, 3, 0, 30],
      [4, 8, 40, 150],
      [13, 4, 160, 210],
    ]);
    const [{ path = "", heard = [] } = {}] = service.conversations;
    expect(path).toBe(
      `/v1/text-to-dialogue/stream-input?model_id=${model}&output_format=pcm_24000&sync_alignment=true`,
    );
    expect(heard.map((message) => JSON.parse(message))).toEqual([
      { voices: [voiceId], xi_api_key: apiKey },
      { inputs: [{ text: TEXT, voice_id: voiceId }], flush: true },
      { close_socket: true },
    ]);
    await until(() => service.conversations[0]?.closed === true);
  },
);

test("a dialogue that closes before it is said is a failure, and what it refuses is told", async () => {
  const replies = [
    dialoguePart(0, "The"),
    JSON.stringify({ error: "voice_not_found", message: "No such voice.", code: 1008 }),
  ];
  await using service = await SocketService.start({
    onMessage(message, socket) {
      if (JSON.parse(message).close_socket !== true) return;
      socket.send(replies[Math.min(1, service.conversations.length - 1)] ?? "");
      socket.close();
    },
  });
  const engine = createElevenLabsEngine({ baseUrl: service.url, apiKey, model: "eleven_v4_turbo" });
  expect((await failure(say(engine))).message).toBe("the connection broke");
  expect(await failure(say(engine))).toMatchObject({
    code: "engine-unavailable",
    message: "the service said: No such voice.",
  });
});

import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { deferred } from "../../../src/core/async/deferred.ts";
import { createEdgeEngine, type EdgeOptions } from "../../../src/engines/services/edge.ts";
import { edgeAudio, edgeBoundary, edgeText } from "../../support/services/edge-messages.ts";
import { SocketService } from "../../support/services/socket-service.ts";
import { cut, failure, say, start } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";

const TOKEN = "6A5AA1D4EAFF4E9FB37E23D68491D6F4";
const mp3 = await Bun.file(`${import.meta.dir}/../../support/services/second.mp3`).bytes();

/** What the service makes of its own clock; five minutes are the window of a token. */
function gecAt(ms: number): string {
  const seconds = Math.floor(ms / 1000 / 300) * 300 + 11_644_473_600;
  return createHash("sha256").update(`${seconds}0000000${TOKEN}`, "ascii").digest("hex").toUpperCase();
}

/** Speaks as the service does; `pause` comes in the middle. */
async function speak(message: string, socket: WebSocket, pause?: Promise<void>): Promise<void> {
  if (!message.includes("Path:ssml")) return;
  const id = /X-RequestId:(\S+)/.exec(message)?.[1] ?? "";
  const [first, ...rest] = cut(mp3, 1440);
  socket.send(edgeText(id, "turn.start", { context: {} }));
  socket.send(edgeText(id, "audio.metadata", edgeBoundary("Grim", 100, 300)));
  if (first) socket.send(edgeAudio(id, first));
  await pause;
  socket.send(edgeText(id, "audio.metadata", edgeBoundary("R&amp;D", 400, 100)));
  socket.send(edgeText(id, "audio.metadata", edgeBoundary("Söhne", 500, 400)));
  for (const part of rest) socket.send(edgeAudio(id, part));
  socket.send(edgeAudio(id, new Uint8Array()));
  socket.send(edgeText(id, "turn.end", {}));
}

const engineAt = (service: SocketService, options: EdgeOptions = {}) =>
  createEdgeEngine({ url: `${service.url}/edge/v1`, ...options });

test("speech and words are heard before the service has finished, and the MP3 comes along whole", async () => {
  const more = deferred();
  await using service = await SocketService.start({
    onMessage: (...heard) => speak(heard[0], heard[1], more.promise),
  });
  const pieces = [];
  for await (const piece of start(engineAt(service), "Grim’s R&D, Söhne")) {
    pieces.push(piece);
    more.resolve();
  }
  expect(pieces.every(({ sampleRate }) => sampleRate === 24_000)).toBe(true);
  expect(pieces.reduce((sum, { samples }) => sum + samples.length, 0)).toBeWithin(23_000, 26_000);
  expect(Buffer.concat(pieces.map((piece) => piece.mp3 ?? new Uint8Array()))).toEqual(Buffer.from(mp3));
  expect(pieces.flatMap(({ words = [] }) => [...words])).toEqual([
    [0, 4, 100, 400],
    [7, 3, 400, 500],
    [12, 5, 500, 900],
  ]);
  await until(() => service.conversations[0]?.closed === true);
});

test("it appears as the browser does, and says the text as XML, with speed and pitch", async () => {
  await using service = await SocketService.start({ onMessage: (...heard) => speak(heard[0], heard[1]) });
  const voice = { voiceId: "en-GB-RyanNeural", speed: 1.2, pitch: -5 };
  await say(engineAt(service, { version: "150.0.1.2" }), "<Grim> & “Söhne”\u0007", voice);
  const { path = "", headers, heard = [] } = service.conversations[0] ?? {};
  const query = Object.fromEntries(new URLSearchParams(path.split("?")[1]));
  expect(query).toMatchObject({ TrustedClientToken: TOKEN, "Sec-MS-GEC-Version": "1-150.0.1.2" });
  expect([gecAt(Date.now()), gecAt(Date.now() - 300_000)]).toContain(query["Sec-MS-GEC"] ?? "");
  expect(headers?.["user-agent"]).toContain("Edg/150.0.0.0");
  expect(headers?.origin).toStartWith("chrome-extension://");
  expect(headers?.cookie).toMatch(/^muid=[0-9A-F]{32};$/);
  expect(heard[0]).toContain("Path:speech.config\r\n\r\n{");
  expect(heard[0]).toContain("audio-24khz-48kbitrate-mono-mp3");
  expect(heard[1]?.split("\r\n\r\n")[1]).toBe(
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-GB"><voice name="en-GB-RyanNeural">' +
      '<prosody rate="+20%" pitch="-25%" volume="+0%">&lt;Grim&gt; &amp; “Söhne” </prosody></voice></speak>',
  );
});

test("a voice of another engine gives way to one that speaks every language", async () => {
  await using service = await SocketService.start({ onMessage: (...heard) => speak(heard[0], heard[1]) });
  await say(engineAt(service), "Hallo.", { voiceId: "de+f3", language: "de" });
  const [, spoken] = service.conversations[0]?.heard ?? [];
  expect(spoken).toMatch(/<voice name="en-US-(Ava|Emma)MultilingualNeural">/);
});

test("where this machine's clock is off, the service's own is taken, once and for all", async () => {
  const clock = () => Date.now() + 3_600_000;
  const refuse = ({ url = "" }: IncomingMessage) => {
    const gec = new URLSearchParams(url.split("?")[1]).get("Sec-MS-GEC");
    const isRight = [gecAt(clock()), gecAt(clock() - 300_000)].includes(gec ?? "");
    return isRight ? undefined : { status: 403, headers: { Date: new Date(clock()).toUTCString() } };
  };
  await using service = await SocketService.start({
    onMessage: (...heard) => speak(heard[0], heard[1]),
    refuse,
  });
  const engine = engineAt(service);
  await say(engine);
  await say(engine);
  expect([service.refused, service.conversations.length]).toEqual([1, 2]);
});

test("where the service refuses for another reason, it is not asked again, and the reason is told", async () => {
  await using service = await SocketService.start({
    onMessage: () => undefined,
    refuse: () => ({ status: 403 }),
  });
  expect(await failure(say(engineAt(service)))).toMatchObject({
    code: "engine-unavailable",
    message: "the service answered 403",
    retryable: false,
  });
  expect(service.refused).toBe(1);
});

test("a cancelled line closes its socket; one that closes before the end is a failure", async () => {
  await using service = await SocketService.start({
    onMessage(message, socket) {
      if (service.conversations.length > 1 && message.includes("Path:ssml")) socket.close();
    },
  });
  const abort = new AbortController();
  const saying = say(engineAt(service), "Hello.", {}, abort.signal);
  await until(() => service.conversations[0]?.heard.length === 2);
  abort.abort();
  await failure(saying);
  await until(() => service.conversations[0]?.closed === true);
  expect((await failure(say(engineAt(service)))).message).toBe("the connection broke");
});

import type { WebSocket } from "ws";
import type { BuiltinEngine } from "../../../src/engines/catalogue.ts";
import { edgeAudio, edgeBoundary, edgeText } from "./edge-messages.ts";
import { elevenLabsPart } from "./elevenlabs-messages.ts";
import { HttpService, type Reply } from "./http-service.ts";
import { SocketService } from "./socket-service.ts";
import { counting, cut } from "./speaking.ts";
import { TcpService, writeEvent } from "./tcp-service.ts";

/** How a stand-in behaves: `drop` breaks off in the middle of the speech, `hang` leaves it there. */
export type Mood = "well" | "drop" | "hang";

/** Services that can be spoken through, by name of their engine. */
export type StandInName = "openai" | "edge" | "elevenlabs" | "cartesia" | "deepgram" | "wyoming";

/** A stand-in for every service, on loopback: each says 1.5 s, of which `drop` and `hang` leave the first third. */
export interface StandIns extends AsyncDisposable {
  /** What `createParty` takes to speak through them. */
  engines: readonly BuiltinEngine[];
  /** By name; `well` at first. */
  moods: Record<StandInName, Mood>;
  /** How often each was asked to speak. */
  asked: Record<StandInName, number>;
  /** Requests and connections under way. */
  open(): number;
  /** Cuts them all. */
  cut(): void;
}

const PART_BYTES = 23_999;
const WORDS = "The dragon roars!";

/**
 * @param idleMs after which the engines give a silent service up; by default only a cancel ends what hangs
 * @param sound what each says instead: 16-bit PCM at 24 kHz; Edge says what it always does
 */
export async function startStandIns(
  idleMs = 600_000,
  sound: (name: StandInName) => Uint8Array = () => counting(36_000),
): Promise<StandIns> {
  const partsOf = (name: StandInName): Uint8Array[] => cut(sound(name), PART_BYTES);
  const moods = each<Mood>(() => "well");
  const asked = each(() => 0);
  const begin = (name: StandInName): Mood => {
    asked[name] += 1;
    return moods[name];
  };
  const http = await HttpService.start(({ path }) => {
    if (path.startsWith("/v1/audio/speech")) return reply(begin("openai"), partsOf("openai"));
    if (path.startsWith("/v1/audio/voices")) return { parts: [JSON.stringify({ voices: ["alloy"] })] };
    if (path.startsWith("/v1/speak")) return reply(begin("deepgram"), partsOf("deepgram"));
    const chunks = partsOf("cartesia").map(sseChunk);
    return reply(begin("cartesia"), [...chunks, sse({ type: "done", done: true })]);
  });
  const mp3 = await Bun.file(`${import.meta.dir}/second.mp3`).bytes();
  const sockets = await SocketService.start({
    onMessage(message, socket, { path }) {
      if (message.includes("Path:ssml")) speakAsEdge(socket, message, begin("edge"), mp3);
      if (path.includes("stream-input") && JSON.parse(message).text === "") {
        speakAsElevenLabs(socket, begin("elevenlabs"), sound("elevenlabs"));
      }
    },
  });
  const tcp = await TcpService.start(({ type }, socket) => {
    if (type === "describe") writeEvent(socket, "info", { tts: [] });
    if (type !== "synthesize") return;
    const mood = begin("wyoming");
    const format = { rate: 24_000, width: 2, channels: 1 };
    writeEvent(socket, "audio-start", format);
    for (const part of said(mood, partsOf("wyoming"))) writeEvent(socket, "audio-chunk", format, part);
    if (mood === "well") writeEvent(socket, "audio-stop");
    if (mood === "drop") socket.end();
  });
  const apiKey = "a-key-of-a-test";
  return {
    moods,
    asked,
    engines: [
      { engine: "openai", options: { baseUrl: `${http.url}/v1`, idleMs } },
      { engine: "edge", options: { url: sockets.url, idleMs } },
      { engine: "elevenlabs", options: { baseUrl: sockets.url, apiKey, idleMs } },
      { engine: "cartesia", options: { baseUrl: http.url, apiKey, idleMs } },
      { engine: "deepgram", options: { baseUrl: http.url, apiKey, idleMs } },
      { engine: "wyoming", options: { url: tcp.url, idleMs } },
    ],
    open: () =>
      http.open + sockets.conversations.filter(({ closed }) => !closed).length + tcp.open - tcp.closed,
    cut() {
      for (const service of [http, sockets, tcp]) service.cut();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([http, sockets, tcp].map((service) => service[Symbol.asyncDispose]()));
    },
  };
}

function each<T>(make: () => T): Record<StandInName, T> {
  return {
    openai: make(),
    edge: make(),
    elevenlabs: make(),
    cartesia: make(),
    deepgram: make(),
    wyoming: make(),
  };
}

function said<T>(mood: Mood, parts: readonly T[]): readonly T[] {
  return mood === "well" ? parts : parts.slice(0, 1);
}

function reply(mood: Mood, parts: readonly (string | Uint8Array)[]): Reply {
  return { parts: said(mood, parts), ending: mood === "well" ? "end" : mood };
}

function sse(fields: object): string {
  return `data: ${JSON.stringify(fields)}\n\n`;
}

function sseChunk(part: Uint8Array): string {
  return sse({ type: "chunk", data: Buffer.from(part).toString("base64"), done: false });
}

function speakAsEdge(socket: WebSocket, message: string, mood: Mood, mp3: Uint8Array): void {
  const id = /X-RequestId:(\S+)/.exec(message)?.[1] ?? "";
  socket.send(edgeText(id, "turn.start", {}));
  socket.send(edgeText(id, "audio.metadata", edgeBoundary("The", 100, 200)));
  for (const part of said(mood, cut(mp3, 1440))) socket.send(edgeAudio(id, part));
  if (mood === "well") socket.send(edgeText(id, "turn.end", {}));
  if (mood === "drop") socket.close();
}

function speakAsElevenLabs(socket: WebSocket, mood: Mood, sound: Uint8Array): void {
  const thirds = cut(sound, sound.length / 3);
  const parts = [WORDS.slice(0, 4), WORDS.slice(4, 11), WORDS.slice(11)].map((chars, at) =>
    elevenLabsPart(at, chars, thirds[at]),
  );
  for (const part of said(mood, parts)) socket.send(part);
  if (mood === "well") socket.send(JSON.stringify({ isFinal: true }));
  if (mood === "drop") socket.close();
}

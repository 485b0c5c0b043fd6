import { decodeFrame, encodeFrame, packOpus, unpackOpus } from "../src/core/frame.ts";
import { V2_SUBPROTOCOL } from "../src/core/v2.ts";
import type { Party } from "../src/party/party.ts";
import { serve } from "../src/server/bun.ts";
import { type Row, ratioRow } from "./row.ts";
import { bare } from "./support/bare.ts";
import { cpuOf } from "./support/cpu.ts";
import { listeners } from "./support/listeners.ts";

/** Many, because making the line costs as much as handing it to a few hundred. */
const LISTENERS = 1000;
/** Ten seconds of 24 kHz audio, as the tone engine speaks it. */
const LINE = "One. Two. Three. Four.";
const SECONDS = 10;
const TONE = { name: "tone", module: new URL("./support/tone.ts", import.meta.url) };
/** Five packets of 20 ms. */
const SMALL_FRAME_PACKETS = 5;

/** What one line costs on the v2 wire, in bytes and in the server's CPU, beyond making it. */
export async function secondWire(): Promise<Row[]> {
  const server = await serve({
    port: 0,
    host: "127.0.0.1",
    engines: [TONE, "espeak"],
    players: ["crowd", "thorin"],
    cache: false,
    connections: { connectionsPerPlayer: LISTENERS },
  });
  const { party, url } = server;
  const address = async (player: string): Promise<string> =>
    `${url.replace("http", "ws")}/ws?token=${await party.tokens.issue(player)}`;
  const sizes = await bytesPerListener(party, await address("thorin"));
  const frames = await framesOf(await address("thorin"), () => party.streamToPlayer("thorin", LINE));

  const connected = (): number => party.connections.connectionCount();
  const single = await listeners(await address("thorin"), 1, connected, "opus");
  const one = await cpuOf(() => say(party));
  const crowd = await listeners(await address("crowd"), LISTENERS - 1, () => connected() - 1, "opus");
  const all = await cpuOf(() => say(party));
  for (const each of [single, crowd]) each.close();
  await server.close();

  const published = await bare(apart(frames), LISTENERS, "publish");
  const looped = await bare(apart(smallFrames(frames)), LISTENERS, "send");
  const perSecond = (ms: number): number => (ms * 1000) / (LISTENERS * SECONDS);
  const cost = { value: perSecond(all - one), unit: "µs" };
  return [
    ratioRow(
      "bytes of real speech to one listener, v2 Opus",
      { value: sizes.opus, control: sizes.wav, unit: "B", controlName: "dm20 WAV" },
      1 / 14,
    ),
    ratioRow(
      "CPU for a listener-second, v2 Opus, beyond making it",
      {
        ...cost,
        control: perSecond(published),
        controlName: "bare Bun.serve publish of the same frames as they are made",
      },
      1.2,
    ),
    ratioRow(
      "the same",
      {
        ...cost,
        control: perSecond(looped),
        controlName: "the same sound in 100 ms frames, sent one by one",
      },
      0.25,
    ),
  ];
}

/** Says the line as to listeners who have heard the ones before. */
async function say(party: Party): Promise<void> {
  for (const { v2 } of party.connections.connectionsOf("all")) v2?.playout.clear();
  await party.streamToAll(LINE);
}

/** Bytes of all messages of about ten seconds of eSpeak's, text included. */
async function bytesPerListener(party: Party, url: string): Promise<{ opus: number; wav: number }> {
  const text = "The dragon sleeps beneath the old mountain and dreams of gold. ".repeat(3);
  const voice = { engine: "espeak" };
  const bytes = { opus: 0, wav: 0 };
  const sockets: WebSocket[] = [];
  for (const name of ["opus", "wav"] as const) {
    const socket = name === "opus" ? new WebSocket(url, V2_SUBPROTOCOL) : new WebSocket(url);
    sockets.push(socket);
    socket.binaryType = "arraybuffer";
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    if (name === "opus") socket.send(JSON.stringify({ type: "hello", codecs: ["opus"] }));
    await Bun.sleep(50);
    socket.onmessage = ({ data }) => {
      bytes[name] += typeof data === "string" ? Buffer.byteLength(data) : data.byteLength;
    };
  }
  await party.streamToPlayer("thorin", text, { voice });
  await Bun.sleep(100);
  for (const socket of sockets) socket.close(1000);
  await Bun.sleep(50);
  return bytes;
}

/** The frames of one line as they are sent. */
async function framesOf(url: string, speak: () => Promise<boolean>): Promise<Uint8Array<ArrayBuffer>[]> {
  const frames: Uint8Array<ArrayBuffer>[] = [];
  const socket = new WebSocket(url, V2_SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") frames.push(new Uint8Array(data));
  };
  socket.send(JSON.stringify({ type: "hello", codecs: ["opus"] }));
  await Bun.sleep(50);
  await speak();
  await Bun.sleep(100);
  socket.close(1000);
  await Bun.sleep(50);
  return frames;
}

/** Each in a batch of its own. */
function apart<T>(messages: readonly T[]): T[][] {
  return messages.map((message) => [message]);
}

/** The same packets in frames of 100 ms. */
function smallFrames(frames: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  const packets = frames.flatMap((frame) => unpackOpus(decodeFrame(frame)));
  const small: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < packets.length; at += SMALL_FRAME_PACKETS) {
    const own = packets.slice(at, at + SMALL_FRAME_PACKETS);
    const header = { first: at === 0, last: false, discontinuity: false, handle: 0, ptsSamples: at * 480 };
    small.push(
      encodeFrame({ ...header, sequence: small.length, packets: own.length, payload: packOpus(own) }),
    );
  }
  return small;
}

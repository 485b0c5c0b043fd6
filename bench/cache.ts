import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { V2_SUBPROTOCOL } from "../src/core/protocol/v2.ts";
import type { PartyOptions } from "../src/party/party-options.ts";
import { serve } from "../src/server/bun.ts";
import { addedRow, quantile, type Row, ratioRow } from "./row.ts";
import { SHORT } from "./support/texts.ts";

const ROUNDS = 25;

/** ms from saying a line to its text and to its first audio at a socket. */
interface Times {
  text: number;
  audio: number;
}

/** How soon a line is heard that was said before, from memory and from disk, beside its text and a new line. */
export async function cache(): Promise<Row[]> {
  const campaignDir = await mkdtemp(join(tmpdir(), "bardcast-bench-"));
  const miss = await measured({ cache: false });
  const memory = await measured({});
  const disk = await measured({ campaignDir, cache: { memoryBytes: 0 } });
  await rm(campaignDir, { recursive: true });
  const controlName = "its text at the same socket";
  const row = (from: string, { audio, text }: Times): Row =>
    addedRow(
      `kept ${from}: said to first audio, p50`,
      { value: audio, control: text, unit: "ms", controlName },
      5,
    );
  return [
    row("in memory", memory),
    row("on disk", disk),
    ratioRow(
      "kept in memory beside synthesised",
      { value: memory.audio, control: miss.audio, unit: "ms", controlName: "the same without a cache" },
      1,
    ),
  ];
}

async function measured(options: PartyOptions): Promise<Times> {
  const server = await serve({ port: 0, host: "127.0.0.1", players: ["thorin"], ...options });
  const { party, url } = server;
  const socket = new WebSocket(
    `${url.replace("http", "ws")}/ws?token=${await party.tokens.issue("thorin")}`,
    V2_SUBPROTOCOL,
  );
  socket.binaryType = "arraybuffer";
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send(JSON.stringify({ type: "hello", codecs: ["opus"] }));
  await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  const speak = async (): Promise<Times> => {
    const times = { text: 0, audio: 0 };
    const start = performance.now();
    socket.onmessage = ({ data }) => {
      const isAudio = data instanceof ArrayBuffer;
      if (isAudio) times.audio ||= performance.now() - start;
      else if (String(data).includes('"speech.text"')) times.text ||= performance.now() - start;
    };
    const utterance = party.speak({ text: SHORT });
    await utterance.handedOver;
    while (times.audio === 0) await Bun.sleep(1);
    utterance.cancel();
    // A line at a table does not come on the heels of another.
    await Bun.sleep(20);
    return times;
  };
  const all: Times[] = [];
  for (let round = 0; round < 20 + ROUNDS; round++) all.push(await speak());
  socket.close();
  await server.close();
  const warm = all.slice(20);
  return {
    text: quantile(
      warm.map(({ text }) => text),
      0.5,
    ),
    audio: quantile(
      warm.map(({ audio }) => audio),
      0.5,
    ),
  };
}

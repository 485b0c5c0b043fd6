import { decodeFrame } from "../src/core/protocol/frame.ts";
import { V2_SUBPROTOCOL } from "../src/core/protocol/v2.ts";
import type { Utterance } from "../src/party/request/utterance.ts";
import { serve } from "../src/server/bun.ts";
import { addedRow, quantile, type Row } from "./row.ts";

const ROUNDS = 20;
const TEXT = "The dragon sleeps beneath the old mountain and dreams of gold. ".repeat(4);

/** From a new socket to the first frame that goes on where the old one was cut. */
export async function reconnect(): Promise<Row[]> {
  const server = await serve({ port: 0, host: "127.0.0.1", players: ["thorin"], cache: false });
  const { party, url } = server;
  const address = `${url.replace("http", "ws")}/ws?token=${await party.tokens.issue("thorin")}`;
  const resumed: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    resumed.push(await cutAndResume(address, () => party.speak({ text: TEXT, to: ["thorin"] })));
  }
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) bare.push(await firstMessage(address));
  await server.close();
  return [
    addedRow(
      "reconnect to first resumed frame, p50",
      {
        value: quantile(resumed, 0.5),
        control: quantile(bare, 0.5),
        unit: "ms",
        controlName: "a new socket to its first message",
      },
      150,
    ),
  ];
}

/** Is cut after three frames of a line and comes back; ms from the new socket to the first frame. */
async function cutAndResume(address: string, speak: () => Utterance): Promise<number> {
  let line: Utterance | undefined;
  const resume = await new Promise<object>((resolve) => {
    let epoch = "";
    let offset = 0;
    let frames = 0;
    const socket = open(address, {}, (data) => {
      if (typeof data === "string") {
        const message = JSON.parse(data);
        epoch = message.epoch ?? epoch;
        offset = Math.max(offset, message.offset ?? 0);
        if (message.type === "welcome") line = speak();
        return;
      }
      const frame = decodeFrame(new Uint8Array(data));
      if (++frames !== 3) return;
      socket.terminate();
      resolve({ epoch, offset, utterances: [[frame.handle, frame.sequence]] });
    });
  });
  const start = performance.now();
  const tookMs = await new Promise<number>((resolve) => {
    const socket = open(address, { resume }, (data) => {
      if (typeof data === "string") return;
      resolve(performance.now() - start);
      socket.close(1000);
    });
  });
  // Not until it is done: it waits for a listener's last word.
  line?.cancel();
  return tookMs;
}

async function firstMessage(address: string): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = open(address, {}, () => {
      resolve(performance.now() - start);
      socket.close(1000);
    });
  });
}

function open(
  address: string,
  hello: object,
  hear: (data: string | ArrayBuffer) => void,
): WebSocket & { terminate(): void } {
  const socket = new WebSocket(address, V2_SUBPROTOCOL) as WebSocket & { terminate(): void };
  socket.binaryType = "arraybuffer";
  socket.onopen = () => socket.send(JSON.stringify({ type: "hello", codecs: ["pcm16"], ...hello }));
  socket.onmessage = ({ data }) => hear(data);
  return socket;
}

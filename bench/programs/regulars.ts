/** Listeners on both wires who come, hear a while, leave or are cut off, and come back. */
import { answer } from "../support/answer.ts";

const HELLO = '{"type":"hello","codecs":["opus"],"sync":false}';

const counts = { texts: 0, sounds: 0, errors: 0, leaks: 0, visits: 0 };

const here = new Set<WebSocket>();
let isOpen = false;

/** One visit. @param stayMs how long it lasts, about */
function visit(address: string, player: string, isV2: boolean, stayMs: number): void {
  if (!isOpen) return;
  counts.visits += 1;
  const socket = new WebSocket(address, isV2 ? "bardcast.v2" : []);
  socket.binaryType = "arraybuffer";
  here.add(socket);
  let timer: ReturnType<typeof setTimeout> | undefined;
  socket.onopen = () => {
    if (isV2) socket.send(HELLO);
    timer = setTimeout(() => leave(socket), stayMs * (0.5 + Math.random()));
  };
  socket.onmessage = ({ data }) => take(socket, data, player);
  socket.onclose = () => {
    clearTimeout(timer);
    here.delete(socket);
    setTimeout(() => visit(address, player, isV2, stayMs), 100);
  };
}

/** Some say goodbye, others are just gone. */
function leave(socket: WebSocket): void {
  if (Math.random() < 0.5) socket.close(1000);
  else (socket as WebSocket & { terminate(): void }).terminate();
}

function take(socket: WebSocket, data: string | ArrayBuffer, player: string): void {
  if (typeof data !== "string") {
    counts.sounds += 1;
    return;
  }
  const message = JSON.parse(data);
  const text = message.text ?? message.content ?? "";
  const [, reader] = /For (\w+) alone/.exec(text) ?? [];
  if (reader !== undefined && reader !== player) counts.leaks += 1;
  switch (message.type) {
    case "ping":
      socket.send('{"type":"pong"}');
      return;
    case "audio":
      counts.sounds += 1;
      return;
    case "narrative":
    case "private":
    case "speech.text":
      counts.texts += 1;
      return;
    case "error":
      counts.errors += 1;
      return;
    case "speech.end":
      socket.send(heard(message.utterance, message.durationMs));
  }
}

function heard(utterance: string, heardMs: number): string {
  return JSON.stringify({ type: "heard", utterance, heardMs, state: "playing", underruns: 0, ended: true });
}

answer({
  /** Every other one is on v2. */
  come(addresses: string[], players: string[], stayMs: number) {
    isOpen = true;
    for (const [index, address] of addresses.entries())
      visit(address, players[index] ?? "", index % 2 === 0, stayMs);
  },
  /** All of them, until they come again. */
  async leave() {
    isOpen = false;
    for (const socket of here) leave(socket);
    while (here.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  },
  counts: () => counts,
});

import { V2_SUBPROTOCOL } from "../src/core/protocol/v2.ts";
import type { Party } from "../src/party/party.ts";
import { serve } from "../src/server/bun.ts";
import { type Row, ratioRow } from "./row.ts";
import { SENTENCE } from "./support/texts.ts";

/** What one line of real speech weighs on each wire, texts included. */
export async function wireBytes(): Promise<Row[]> {
  const server = await serve({
    port: 0,
    host: "127.0.0.1",
    engines: ["espeak"],
    players: ["thorin"],
    cache: false,
  });
  const address = `${server.url.replace("http", "ws")}/ws?token=${await server.party.tokens.issue("thorin")}`;
  const { opus, wav } = await bytesPerListener(server.party, address);
  await server.close();
  const measured = { value: opus, control: wav, unit: "B", controlName: "dm20 WAV" };
  return [ratioRow("bytes of ten seconds to one listener, v2 Opus", measured, 1 / 14)];
}

/** Bytes of all messages of about ten seconds of eSpeak's, text included. */
async function bytesPerListener(party: Party, url: string): Promise<{ opus: number; wav: number }> {
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
  await party.streamToPlayer("thorin", `${SENTENCE} `.repeat(3));
  await Bun.sleep(100);
  for (const socket of sockets) socket.close(1000);
  await Bun.sleep(50);
  return bytes;
}

import { serve } from "../src/server/bun.ts";
import { type Row, ratioRow } from "./row.ts";
import { bare } from "./support/bare.ts";
import { cpuOf } from "./support/cpu.ts";
import { listeners } from "./support/listeners.ts";

const LISTENERS = 200;
/** Ten seconds of 24 kHz audio, as the tone engine speaks it. */
const LINE = "One. Two. Three. Four.";
const TONE = { name: "tone", module: new URL("./support/tone.ts", import.meta.url) };

/** What one line costs the server for its listeners on the dm20 wire, beyond making it. */
export async function fanOut(): Promise<Row[]> {
  const { all, one, clips } = await ours();
  const control = await bare(clips, LISTENERS, "publish");
  return [
    ratioRow(
      `CPU for one 10 s line to ${LISTENERS} dm20 listeners, beyond making it`,
      {
        value: all - one,
        control,
        unit: "ms",
        controlName: "bare Bun.serve publish of the same messages",
      },
      1.5,
    ),
  ];
}

/** CPU ms of a line with all listeners and with one, and the messages of its clips. */
async function ours(): Promise<{ all: number; one: number; clips: string[][] }> {
  const server = await serve({
    port: 0,
    host: "127.0.0.1",
    engines: [TONE],
    players: ["crowd", "thorin"],
    cache: false,
    connections: { connectionsPerPlayer: 1000 },
  });
  const { party, url } = server;
  const address = async (player: string): Promise<string> =>
    `${url.replace("http", "ws")}/ws?token=${await party.tokens.issue(player)}`;
  const clips = await messagesOf(await address("thorin"), () => party.streamToPlayer("thorin", LINE));
  const connected = (): number => party.connections.connectionCount();
  const single = await listeners(await address("thorin"), 1, connected);
  const one = await cpuOf(() => party.streamToAll(LINE));
  const crowd = await listeners(await address("crowd"), LISTENERS - 1, () => connected() - 1);
  const all = await cpuOf(() => party.streamToAll(LINE));
  for (const each of [single, crowd]) each.close();
  await server.close();
  return { all, one, clips };
}

/** The audio messages of one line, by clip. */
async function messagesOf(url: string, speak: () => Promise<boolean>): Promise<string[][]> {
  const clips: string[][] = [];
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => {
    const text = String(data);
    if (!text.startsWith('{"type":"audio"')) return;
    if (JSON.parse(text).sequence === 0) clips.push([]);
    clips.at(-1)?.push(text);
  };
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  await Bun.sleep(50);
  await speak();
  await Bun.sleep(100);
  socket.close();
  await Bun.sleep(50);
  return clips;
}

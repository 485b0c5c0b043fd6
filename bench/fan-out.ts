import { serve } from "../src/server/bun.ts";
import { quantile, type Row, ratioRow } from "./row.ts";
import { listeners } from "./support/listeners.ts";

const LISTENERS = 200;
const ROUNDS = 10;
/** Ten seconds of 24 kHz audio, as the tone engine speaks it. */
const LINE = "One. Two. Three. Four.";
const TONE = { name: "tone", module: new URL("./support/tone.ts", import.meta.url) };

/** What one line costs the server for its listeners on the dm20 wire, beyond making it. */
export async function fanOut(): Promise<Row[]> {
  const { all, one, clips } = await ours();
  const bare = await publish(clips);
  return [
    ratioRow(
      `CPU for one 10 s line to ${LISTENERS} dm20 listeners, beyond making it`,
      {
        value: all - one,
        control: bare,
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

/** CPU ms of the control: every clip published to every listener. */
async function publish(clips: readonly string[][]): Promise<number> {
  let connected = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, own) =>
      own.upgrade(request) ? undefined : new Response("sockets only", { status: 400 }),
    websocket: {
      perMessageDeflate: false,
      backpressureLimit: 64 * 1024 * 1024,
      open(ws) {
        ws.subscribe("line");
        connected += 1;
      },
      message: () => undefined,
    },
  });
  const crowd = await listeners(`ws://127.0.0.1:${server.port}`, LISTENERS, () => connected);
  const cpu = await cpuOf(async () => {
    for (const clip of clips) {
      for (const message of clip) server.publish("line", message);
      // As far apart as synthesis puts them.
      await Bun.sleep(10);
    }
  });
  crowd.close();
  await server.stop(true);
  return cpu;
}

/** CPU ms of this process, median of some rounds, until its sockets have drained. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let round = 0; round < 3; round++) await work();
  for (let round = 0; round < ROUNDS; round++) {
    await Bun.sleep(200);
    const before = process.cpuUsage();
    await work();
    await Bun.sleep(300);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  return quantile(costs, 0.5);
}

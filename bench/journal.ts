import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { V2_SUBPROTOCOL } from "../src/core/protocol/v2.ts";
import { diskFiles } from "../src/party/storage/disk-files.ts";
import { JournalFile } from "../src/party/storage/journal-file.ts";
import { encodeRecord } from "../src/party/storage/journal-line.ts";
import { StoreHealth } from "../src/party/storage/store-health.ts";
import { type BardcastServer, serve } from "../src/server/bun.ts";
import { addedRow, quantile, type Row, ratioRow } from "./row.ts";
import { SHORT } from "./support/texts.ts";
import createTone from "./support/tone.ts";

const ROUNDS = 100;
const WARM_ROUNDS = 30;
const RECORDS = 200;

/** What it costs that what is said outlasts the process: to whoever listens, and to the disk. */
export async function journal(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "bardcast-bench-"));
  try {
    return [...(await toListeners(folder)), ...(await toTheDisk(folder))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** ms from saying a line to its text and its first audio at a socket, and to its report. */
interface Times {
  text: number;
  audio: number;
  handedOver: number;
}

async function toListeners(campaignDir: string): Promise<Row[]> {
  await using kept = await Table.set(campaignDir);
  await using control = await Table.set();
  const times: Record<"kept" | "control", Times[]> = { kept: [], control: [] };
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
    // Neither always comes second.
    for (const side of round % 2 === 0 ? (["kept", "control"] as const) : (["control", "kept"] as const)) {
      const spoken = await (side === "kept" ? kept : control).speak();
      if (round >= WARM_ROUNDS) times[side].push(spoken);
    }
  }
  const row = (make: typeof ratioRow, name: string, of: keyof Times, most: number): Row => {
    const median = (side: "kept" | "control"): number => {
      const all = times[side].map((each) => each[of]);
      return quantile(all, 0.5);
    };
    const measured = { value: median("kept"), control: median("control"), unit: "ms" };
    return make(`${name}, p50`, { ...measured, controlName: "the same without a folder" }, most);
  };
  return [
    row(ratioRow, "with a journal: said to its text", "text", 1.1),
    row(ratioRow, "with a journal: said to first audio", "audio", 1.1),
    // Sound is sent long before it is heard, and its end with it.
    row(addedRow, "with a journal: said to handed over", "handedOver", 25),
  ];
}

/** A table and its one listener. */
class Table implements AsyncDisposable {
  readonly #server: BardcastServer;
  readonly #socket: WebSocket;

  private constructor(server: BardcastServer, socket: WebSocket) {
    this.#server = server;
    this.#socket = socket;
  }

  static async set(campaignDir?: string): Promise<Table> {
    const folder = campaignDir === undefined ? {} : { campaignDir };
    const options = { port: 0, host: "127.0.0.1", players: ["thorin"], cache: false } as const;
    // Next to nothing is spent on sound.
    const server = await serve({ ...options, ...folder, engines: [createTone({ sentenceMs: 200 })] });
    const address = `${server.url.replace("http", "ws")}/ws?token=${await server.party.tokens.issue("thorin")}`;
    const socket = new WebSocket(address, V2_SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    socket.send(JSON.stringify({ type: "hello", codecs: ["pcm16"] }));
    await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
    return new Table(server, socket);
  }

  async speak(): Promise<Times> {
    const times: Times = { text: 0, audio: 0, handedOver: 0 };
    const start = performance.now();
    this.#socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) times.audio ||= performance.now() - start;
      else if (String(data).includes('"speech.text"')) times.text ||= performance.now() - start;
    };
    const utterance = this.#server.party.speak({ text: SHORT });
    await utterance.handedOver;
    times.handedOver = performance.now() - start;
    while (times.audio === 0) await Bun.sleep(1);
    utterance.cancel();
    // A line at a table does not come on the heels of another.
    await Bun.sleep(20);
    return times;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#server.close();
  }
}

async function toTheDisk(folder: string): Promise<Row[]> {
  const record = { is: "text", id: "0123456789abcdef0123456789abcdef", sentence: 0, text: SHORT };
  const options = {
    files: diskFiles(),
    health: new StoreHealth(folder, () => undefined),
    kept: () => [record],
  };
  const path = join(folder, "measured.jsonl");
  const guard = (): Promise<void> => Promise.resolve();
  const file = new JournalFile(path, { ...options, guard, bytes: 0, isTorn: false, now: () => 0 });
  const bare = await open(join(folder, "bare"), "a");
  const bytes = new TextEncoder().encode(encodeRecord(record));
  const alone: number[] = [];
  const together: number[] = [];
  const control: number[] = [];
  for (let round = 0; round < RECORDS; round++) {
    let start = performance.now();
    file.add(record);
    await file.settled();
    alone.push(performance.now() - start);
    start = performance.now();
    for (let n = 0; n < 20; n++) file.add(record);
    await file.settled();
    together.push((performance.now() - start) / 20);
    start = performance.now();
    await bare.write(bytes);
    await bare.datasync();
    control.push(performance.now() - start);
  }
  await file.close();
  await bare.close();
  const row = (name: string, samples: readonly number[], most: number): Row => {
    const measured = { value: quantile(samples, 0.5), control: quantile(control, 0.5), unit: "ms" };
    return ratioRow(
      `${name}, p50`,
      { ...measured, controlName: "a bare write and fdatasync of its bytes" },
      most,
    );
  };
  return [row("a record, durable", alone, 1.5), row("one of twenty records at once, durable", together, 0.2)];
}

import { V2_SUBPROTOCOL } from "../src/core/protocol/v2.ts";
import { PATIENCE } from "../src/core/text/patience.ts";
import { addedRow, quantile, type Row } from "./row.ts";
import { Program } from "./support/program.ts";
import { roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";
import { LONG, SHORT } from "./support/texts.ts";

const ROUNDS = 60;
const WARM_ROUNDS = 10;
const MOST_P50_MS = 8;
const MOST_P99_MS = 20;

/** From a request to the first sound at a listener's socket, beside what the engine needs for its first piece. */
export async function firstAudio(runtime: RuntimeName): Promise<Row[]> {
  await using engine = await Program.start(runtime, "engine");
  await using server = await Program.start(runtime, "speaking");
  const table = await Client.join(server);
  const sides = {
    control: () => engine.call<number>("firstPiece"),
    short: () => table.post(SHORT),
    long: () => table.post(LONG),
    dictated: () => table.dictate(" And"),
    paused: () => table.dictate(""),
  };
  const times: Record<keyof typeof sides, number[]> = {
    control: [],
    short: [],
    long: [],
    dictated: [],
    paused: [],
  };
  for (let round = 0; round < WARM_ROUNDS + roundsOn(runtime, ROUNDS); round++) {
    for (const side of ["control", "short", "long", "dictated", "paused"] as const) {
      const ms = await sides[side]();
      if (round >= WARM_ROUNDS) times[side].push(ms);
      await server.call("rest");
    }
  }
  table.leave();
  const row = (name: string, side: keyof typeof sides, share: number, most: number): Row => {
    const measured = { value: quantile(times[side], share), control: quantile(times.control, share) };
    const controlName = "the engine alone, its first piece";
    return addedRow(`${name}, p${share * 100}`, { ...measured, unit: "ms", controlName }, most);
  };
  return [
    row("request to first audio, 1 s of speech", "short", 0.5, MOST_P50_MS),
    row("request to first audio, 1 s of speech", "short", 0.99, MOST_P99_MS),
    row("request to first audio, 75 s of speech", "long", 0.5, MOST_P50_MS),
    row("request to first audio, 75 s of speech", "long", 0.99, MOST_P99_MS),
    row("delta that ends a sentence to first audio", "dictated", 0.5, MOST_P50_MS),
    row("last delta before a model pauses to first audio", "paused", 0.5, PATIENCE.sureMs + MOST_P50_MS),
  ];
}

/** The DM's hand on the API, and a listener's ear on the v2 wire. */
export class Client {
  readonly #api: string;
  readonly #authorization: string;
  readonly #socket: WebSocket;
  #heard: () => void = () => undefined;

  private constructor(socket: WebSocket, api: string, dmToken: string) {
    this.#socket = socket;
    this.#api = api;
    this.#authorization = `Bearer ${dmToken}`;
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") this.#heard();
    });
  }

  static async join(server: Program): Promise<Client> {
    const socket = new WebSocket(await server.call<string>("address"), V2_SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    socket.send(JSON.stringify({ type: "hello", codecs: ["opus"] }));
    return new Client(socket, await server.call("api"), await server.call("dmToken"));
  }

  leave(): void {
    this.#socket.close(1000);
  }

  /** ms from a request to speak to the first sound of it. */
  async post(text: string): Promise<number> {
    const start = performance.now();
    const heard = this.#next();
    const answer = await this.#ask("application/json", JSON.stringify({ text }), {
      Prefer: "respond-async",
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await heard) - start;
  }

  /** ms from when it is asked for by other means to the first sound of it. */
  async until(ask: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    const heard = this.#next();
    await ask();
    return (await heard) - start;
  }

  /**
   * ms from the delta that ends a text's first sentence to the first sound of it.
   * @param behind what the delta has behind the sentence; nothing more comes before the sound
   */
  async dictate(behind: string): Promise<number> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const write = (text: string): Promise<void> => writer.write(new TextEncoder().encode(text));
    // Its answer comes when the line is over, or is called off.
    void this.#ask("text/plain", readable).catch(() => undefined);
    await write(SHORT.slice(0, -1));
    await Bun.sleep(15);
    const heard = this.#next();
    const start = performance.now();
    await write(`${SHORT.at(-1)}${behind}`);
    const ms = (await heard) - start;
    await writer.close();
    return ms;
  }

  /** When the next sound comes. */
  #next(): Promise<number> {
    return new Promise((resolve) => {
      this.#heard = () => {
        this.#heard = () => undefined;
        resolve(performance.now());
      };
    });
  }

  #ask(type: string, body: string | ReadableStream<Uint8Array>, more: HeadersInit = {}): Promise<Response> {
    const headers = { Authorization: this.#authorization, "Content-Type": type, ...more };
    return fetch(`${this.#api}/speak`, { method: "POST", headers, body });
  }
}

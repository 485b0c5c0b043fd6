import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { Dm20Client } from "../support/server.ts";

/** What a server prints once it is ready. */
export interface TableLine {
  url: string;
  /** Links are in the command line's only. */
  dm: { token: string; url: string };
  players: { id: string; token: string; url: string }[];
}

/** Whatever is installed for whoever runs the tests is not spoken with. */
const NO_VOICES = { BARDCAST_VOICES_DIR: "/no-such-folder" };

const alive = new Set<ServerProcess>();

/** Ends the servers that tests have left behind. */
export async function endServers(): Promise<void> {
  await Promise.all([...alive].map((server) => server[Symbol.asyncDispose]()));
}

/** A server in a process of its own, known only by the line it printed. */
export class ServerProcess {
  readonly line: TableLine;
  readonly #process: Bun.Subprocess<"ignore", "pipe", "inherit">;

  private constructor(process: Bun.Subprocess<"ignore", "pipe", "inherit">, line: TableLine) {
    this.#process = process;
    this.line = line;
    alive.add(this);
    void process.exited.then(() => alive.delete(this));
  }

  /** @throws Error where it ends before it is ready */
  static async start(
    command: readonly string[],
    cwd: string,
    env: Record<string, string> = NO_VOICES,
  ): Promise<ServerProcess> {
    const options = { cwd, env: { ...process.env, ...env } };
    const child = Bun.spawn([...command], { ...options, stdio: ["ignore", "pipe", "inherit"] });
    try {
      return new ServerProcess(child, JSON.parse(await firstLine(child.stdout)));
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Resolves with the exit code, or 128 and the number of the signal that ended it. */
  get exited(): Promise<number> {
    return this.#process.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.exited;
  }

  /** Asks it to end. */
  stop(): void {
    this.#process.kill("SIGTERM");
  }

  /** The name of the program that runs it, as Linux knows it. */
  get program(): string {
    return basename(readlinkSync(`/proc/${this.#process.pid}/exe`), ".exe");
  }

  /** Ids of the processes that it has started, as Linux knows them. */
  get children(): number[] {
    const { pid } = this.#process;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  }

  /** How many files and sockets it has open, as Linux counts them. */
  get descriptors(): number {
    return readdirSync(`/proc/${this.#process.pid}/fd`).length;
  }

  /** Bytes of memory that are its own or shared, as Linux counts them. */
  get memoryBytes(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  token(player: string): string {
    const found = this.line.players.find(({ id }) => id === player);
    if (!found) throw new Error(`${player} has no seat`);
    return found.token;
  }

  /** Ends what is said or still heard: who comes before that is told it. */
  async quiet(): Promise<void> {
    for (;;) {
      const { queue } = await (await this.call("/status")).json();
      if (queue.length === 0) return;
      for (const { utterance } of queue) await this.call(`/speak/${utterance}`, { method: "DELETE" });
    }
  }

  /** A client of a player that knows only the dm20 wire, connected. */
  async join(player: string): Promise<Dm20Client> {
    const client = new Dm20Client(this.socketUrl(player));
    await client.until("connected", 1);
    return client;
  }

  socketUrl(player: string): string {
    return `${this.line.url}/ws?token=${this.token(player)}`;
  }

  get(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.line.url}${path}`, init);
  }

  /** A call to the API with the DM's token. */
  call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.line.dm.token}`, ...init.headers };
    return this.get(`/api${path}`, { ...init, headers });
  }

  /** `POST /api/speak` with a JSON body. */
  speak(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const type = { "Content-Type": "application/json" };
    return this.call("/speak", {
      method: "POST",
      headers: { ...type, ...headers },
      body: JSON.stringify(body),
    });
  }

  /** `POST /api/speak` with a text that is written while it is spoken. */
  dictate(query: string): Dictation {
    const encoder = new TextEncoder();
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const response = this.call(`/speak?${query}`, {
      method: "POST",
      headers: { "Content-Type": "text/plain; charset=utf-8" },
      body: readable,
    });
    return {
      response,
      write: (text) => writer.write(encoder.encode(text)),
      end: () => writer.close(),
    };
  }
}

export interface Dictation {
  response: Promise<Response>;
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stream) {
    text += decoder.decode(part, { stream: true });
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error("the server ended before it was ready");
}

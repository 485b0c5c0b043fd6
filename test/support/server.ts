import { afterAll } from "bun:test";
import { fromBase64 } from "../../src/core/base64.ts";
import type { AudioMessage } from "../../src/core/protocol/dm20.ts";
import { type BardcastServer, type ServeOptions, serve } from "../../src/server/bun.ts";
import { requireDescribed } from "./described.ts";
import type { ReceivedClip, WireMessage } from "./fake-socket.ts";
import { until } from "./table.ts";

/** A real server on loopback that ends with the test file. */
export async function startServer(options: ServeOptions = {}): Promise<TestServer> {
  const given = { port: 0, host: "127.0.0.1", players: ["thorin", "elara"], ...options };
  const isClustered = process.env.BARDCAST_TEST_CLUSTER !== undefined;
  const server = isClustered
    ? await (await import("./clustered.ts")).serveBesideAnother(given)
    : await serve(given);
  afterAll(() => server.close());
  return new TestServer(server, await server.party.tokens.issueDm());
}

export class TestServer {
  readonly party: BardcastServer["party"];
  readonly url: string;
  readonly dmToken: string;
  /** Where programs that speak Wyoming find it, if they do. */
  readonly wyomingUrl: string;

  constructor(server: BardcastServer, dmToken: string) {
    this.party = server.party;
    this.url = server.url;
    this.dmToken = dmToken;
    this.wyomingUrl = server.wyomingUrl ?? "";
  }

  /** A call to the API with the DM's token. What it answers is as the API is described. */
  async call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.dmToken}`, ...init.headers };
    const url = `${this.url}/api${path}`;
    const answer = await fetch(url, { ...init, headers });
    await requireDescribed(init.method ?? "GET", url, answer);
    return answer;
  }

  /** `POST /api/speak` with a JSON body. */
  speak(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.call("/speak", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Ends what is still being heard, so that who joins next begins with what is said next. */
  async silence(): Promise<void> {
    const lines = [...this.party.streams.utterances];
    for (const line of lines) line.cancel();
    await Promise.all(lines.map(({ done }) => done));
  }

  /** A client that knows only the dm20 wire, connected. */
  async join(player: string): Promise<Dm20Client> {
    const client = new Dm20Client(`${this.url}/ws?token=${await this.party.tokens.issue(player)}`);
    await client.until("connected", 1);
    return client;
  }
}

/** A client as it exists in the field: collects a clip's chunks until `total_chunks` arrived. */
export class Dm20Client {
  readonly messages: WireMessage[] = [];
  readonly clips: ReceivedClip[] = [];
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | undefined;
  failed = false;
  readonly #pongs: boolean;
  #open: Uint8Array[] = [];

  /** @param options.pongs false: a client that never answers a ping */
  constructor(url: string, options: { pongs?: boolean } = {}) {
    this.#pongs = options.pongs ?? true;
    this.socket = new WebSocket(url.replace(/^http/, "ws"));
    this.socket.onmessage = (event) => this.#take(JSON.parse(String(event.data)));
    this.socket.onerror = () => {
      this.failed = true;
    };
    this.socket.onclose = ({ code, reason }) => {
      this.closed = { code, reason };
    };
  }

  of(type: string): WireMessage[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** Waits for so many messages of a type. */
  async until(type: string, count: number): Promise<void> {
    await until(() => this.of(type).length >= count);
  }

  /** Waits for so many clips. */
  async untilClips(count: number): Promise<void> {
    await until(() => this.clips.length >= count);
  }

  #take(message: WireMessage): void {
    this.messages.push(message);
    if (message.type === "ping" && this.#pongs) this.socket.send(JSON.stringify({ type: "pong" }));
    if (message.type !== "audio") return;
    const chunk = message as unknown as AudioMessage;
    if (chunk.sequence !== this.#open.length) throw new Error(`chunk ${chunk.sequence} is out of order`);
    this.#open.push(fromBase64(chunk.data));
    if (this.#open.length < chunk.total_chunks) return;
    const bytes = new Uint8Array(Buffer.concat(this.#open));
    this.clips.push({ bytes, durationMs: chunk.duration_ms, chunks: this.#open.length });
    this.#open = [];
  }
}

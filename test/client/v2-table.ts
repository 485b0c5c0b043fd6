import { PartyClient, type PartyClientOptions, type PartyEvents } from "../../src/client/index.ts";
import {
  type HelloMessage,
  type SpeechBeginMessage,
  type SpeechMessage,
  V2_SUBPROTOCOL,
  type V2ClientMessage,
  type V2ServerMessage,
  type WelcomeMessage,
} from "../../src/core/protocol/v2.ts";

type Socket = Bun.ServerWebSocket<undefined>;
type Said<Type extends V2ClientMessage["type"]> = Extract<V2ClientMessage, { type: Type }>;

/** A v2 server on a real socket that says what it is told to say. */
export class V2Table {
  readonly sockets: Socket[] = [];
  readonly heard: V2ClientMessage[] = [];
  /** What is offered, connection by connection. */
  readonly offers: (string | null)[] = [];
  /** Answers `hello` by itself, and with this. */
  welcome: WelcomeMessage = {
    type: "welcome",
    epoch: "first",
    offset: 0,
    player: "thorin",
    role: "player",
    recovered: false,
    limits: { sendAheadMs: 30_000, messageBytes: 65_536, silenceMs: 60_000 },
  };
  /** Answers probes. */
  answers = true;
  /** Knows no subprotocol, and says so. */
  knowsV2 = true;
  readonly #server: Bun.Server<undefined>;
  readonly #waiting = new Set<() => void>();

  constructor() {
    this.#server = Bun.serve({
      port: 0,
      fetch: (request, server) => this.#upgrade(request, server),
      websocket: {
        open: (socket) => {
          this.sockets.push(socket);
          if (!this.knowsV2) socket.send('{"type":"connected","player_id":"thorin","timestamp":"t"}');
        },
        message: (socket, text) => this.#take(socket, JSON.parse(String(text))),
      },
    });
  }

  get url(): URL {
    return new URL("ws?token=t", this.#server.url);
  }

  of<Type extends V2ClientMessage["type"]>(type: Type): Said<Type>[] {
    return this.heard.filter((message): message is Said<Type> => message.type === type);
  }

  get hellos(): HelloMessage[] {
    return this.of("hello");
  }

  /** Says it on the newest connection. */
  say(...messages: (V2ServerMessage | string | Uint8Array<ArrayBuffer>)[]): void {
    const socket = this.sockets.at(-1);
    for (const message of messages) {
      const isRaw = typeof message === "string" || message instanceof Uint8Array;
      socket?.send(isRaw ? message : JSON.stringify(message));
    }
  }

  /** Ends the newest connection without a goodbye. */
  cut(): void {
    this.sockets.at(-1)?.terminate();
  }

  /** Waits until something is so; looks after every message. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  close(): void {
    void this.#server.stop(true);
  }

  #upgrade(request: Request, server: Bun.Server<undefined>): Response | undefined {
    const offer = request.headers.get("Sec-WebSocket-Protocol");
    if (request.headers.get("Upgrade")) this.offers.push(offer);
    if (offer?.startsWith(V2_SUBPROTOCOL) && !this.knowsV2)
      return new Response("no such protocol", { status: 400 });
    return server.upgrade(request) ? undefined : new Response("not a socket", { status: 426 });
  }

  #take(socket: Socket, message: V2ClientMessage): void {
    this.heard.push(message);
    if (message.type === "hello") socket.send(JSON.stringify(this.welcome));
    if (message.type === "clock" && this.answers) {
      socket.send(
        JSON.stringify({ type: "clock", t0: message.t0, t1: message.t0 + 5_000, t2: message.t0 + 5_000 }),
      );
    }
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** A client that keeps everything it tells. */
export class TellingClient extends PartyClient {
  readonly told: [name: keyof PartyEvents, event: unknown][] = [];

  constructor(table: V2Table, options: Partial<PartyClientOptions> = {}) {
    super({ url: table.url, ...options });
  }

  protected override emit<Name extends keyof PartyEvents>(name: Name, event: PartyEvents[Name]): void {
    this.told.push([name, event]);
    super.emit(name, event);
  }

  of<Name extends keyof PartyEvents>(name: Name): PartyEvents[Name][] {
    return this.told.filter(([other]) => other === name).map(([, event]) => event as PartyEvents[Name]);
  }

  /** Resolves at the first event of that name from now on. */
  next<Name extends keyof PartyEvents>(name: Name): Promise<PartyEvents[Name]> {
    return new Promise((resolve) => {
      const stop = this.on(name, (event) => {
        stop();
        resolve(event);
      });
    });
  }
}

export function begin(handle: number, rest: Partial<SpeechBeginMessage> = {}): SpeechBeginMessage {
  return {
    type: "speech.begin",
    offset: handle * 10,
    utterance: `u${handle}`,
    handle,
    speaker: "dm",
    private: false,
    codec: "opus",
    sampleRate: 24_000,
    channels: 1,
    preSkip: 156,
    priority: 0,
    language: "en",
    speed: 1,
    pitch: 0,
    ...rest,
  };
}

export function text(handle: number, sentence: number, words: string, offset: number): SpeechMessage {
  return { type: "speech.text", offset, utterance: `u${handle}`, sentence, text: words };
}

export function end(handle: number, offset: number): SpeechMessage {
  return { type: "speech.end", offset, utterance: `u${handle}`, chunks: 3, durationMs: 60 };
}

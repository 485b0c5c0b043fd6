import { retryDelayMs } from "./backoff.ts";
import { Dm20Session, type SessionLink, type TableEvents } from "./dm20-session.ts";
import { Emitter } from "./emitter.ts";
import { onPageReturn } from "./page-return.ts";
import { SilenceAlarm } from "./silence-alarm.ts";

/** A connection that lasted this long makes the next wait short again. */
const STABLE_MS = 5_000;
const PROBE_TIMEOUT_MS = 5_000;
/** Policy violation, and the private codes that mirror HTTP 401 and 403. */
const REFUSING_CODES: ReadonlySet<number> = new Set([1008, 4401, 4403]);

/** Where a listener's connection stands. `refused`: the token is not, or no longer, good; nothing more is tried. */
export type ConnectionState =
  | { name: "connecting" }
  | { name: "open" }
  | { name: "waiting"; retryInMs: number }
  | { name: "refused" }
  | { name: "closed" };

export interface PartyEvents extends TableEvents {
  state: ConnectionState;
}

export interface PartyClientOptions {
  /** The socket's address with its token; `http:` and `https:` are taken as `ws:` and `wss:`. */
  url: string | URL;
  /** Instead of the global one. */
  WebSocket?: new (
    url: string | URL,
  ) => WebSocket;
  /** Instead of the global one; asks the server why it refused a socket. */
  fetch?: (url: URL, init: RequestInit) => Promise<{ status: number }>;
  /** After the server's first ping: silence that counts as a dead connection. Default 60 s. */
  silenceMs?: number;
}

/** One listener's place at the table: a socket that comes back by itself until closed or refused. */
export class PartyClient extends Emitter<PartyEvents> {
  readonly #url: URL;
  readonly #options: PartyClientOptions;
  #state: ConnectionState = { name: "closed" };
  #socket: WebSocket | undefined;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #life = new AbortController();
  readonly #alarm: SilenceAlarm;

  constructor(options: PartyClientOptions) {
    super();
    this.#options = options;
    this.#url = new URL(options.url);
    this.#url.protocol = this.#url.protocol.replace("http", "ws");
    this.#alarm = new SilenceAlarm(options.silenceMs ?? 60_000, () => this.#reconnect());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Takes the place at the table; does nothing while it is taken or being taken. */
  connect(): void {
    if (this.#state.name !== "closed" && this.#state.name !== "refused") return;
    this.#life = new AbortController();
    this.#failures = 0;
    onPageReturn(() => {
      if (this.#state.name === "waiting") this.#open();
    }, this.#life.signal);
    this.#open();
  }

  /** Leaves the table. */
  close(): void {
    this.#end({ name: "closed" });
  }

  #open(): void {
    clearTimeout(this.#retry);
    const socket = new (this.#options.WebSocket ?? WebSocket)(this.#url);
    this.#socket = socket;
    const session = new Dm20Session(this.#link(socket));
    let openedAt: number | undefined;
    socket.onopen = () => {
      openedAt = performance.now();
      this.#enter({ name: "open" });
    };
    socket.onmessage = (event) => {
      this.#alarm.heard();
      session.receive(event.data);
    };
    socket.onclose = (event) => {
      if (openedAt !== undefined && performance.now() - openedAt >= STABLE_MS) this.#failures = 0;
      void this.#lost(event.code, openedAt !== undefined);
    };
    this.#enter({ name: "connecting" });
  }

  #link(socket: WebSocket): SessionLink {
    return {
      connected: (event) => this.emit("connected", event),
      text: (line) => this.emit("text", line),
      clip: (clip) => this.emit("clip", clip),
      system: (event) => this.emit("system", event),
      send: (text) => {
        // A dm20 listener only ever answers pings.
        this.#alarm.arm();
        socket.send(text);
      },
    };
  }

  async #lost(code: number, wasOpen: boolean): Promise<void> {
    this.#drop();
    const { signal } = this.#life;
    const refused = REFUSING_CODES.has(code) || (!wasOpen && (await this.#isRefused()));
    if (signal.aborted) return;
    if (refused) return this.#end({ name: "refused" });
    const retryInMs = retryDelayMs(this.#failures++);
    this.#retry = setTimeout(() => this.#open(), retryInMs);
    this.#enter({ name: "waiting", retryInMs });
  }

  /** A browser does not say why an upgrade failed; a plain request with the same token does. */
  async #isRefused(): Promise<boolean> {
    const url = new URL(this.#url);
    url.protocol = url.protocol.replace("ws", "http");
    try {
      const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
      const { status } = await (this.#options.fetch ?? fetch)(url, { signal, cache: "no-store" });
      return status === 401 || status === 403;
    } catch {
      return false;
    }
  }

  #reconnect(): void {
    this.#drop();
    this.#open();
  }

  #end(state: ConnectionState): void {
    this.#life.abort();
    clearTimeout(this.#retry);
    this.#drop();
    this.#enter(state);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#alarm.disarm();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.emit("state", state);
  }
}

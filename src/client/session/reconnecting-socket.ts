import { retryDelayMs } from "./backoff.ts";
import { onPageReturn } from "./page-return.ts";
import type { Session } from "./table-events.ts";
import { type Upgrade, v2Upgrade } from "./upgrade.ts";
import { type StatusFetch, whyNot } from "./why-not.ts";

/** A connection that lasted this long makes the next wait short again. */
const STABLE_MS = 5_000;
/** A handshake that takes longer is given up; browsers would wait for minutes. */
const OPEN_WITHIN_MS = 10_000;
/** Policy violation, and the private codes that mirror HTTP 401 and 403. */
const REFUSING_CODES: ReadonlySet<number> = new Set([1008, 4401, 4403]);
/** The player has as many devices connected as are allowed. */
const CROWDED_CODE = 4409;
/** Refused offers of a subprotocol in a row after which a server is taken for one that knows none. */
const MAX_REFUSED_OFFERS = 2;

/**
 * The state of a listener's connection. `refused`: the token is not valid (any more), or the player has too many other
 * devices connected; nothing more is tried until `connect`.
 */
export type ConnectionState =
  | { name: "connecting" }
  | { name: "open" }
  /** `silentMs`: since the server's last word, or since it was first asked for one. */
  | { name: "waiting"; retryInMs: number; silentMs: number }
  | { name: "refused"; why?: "crowded" }
  | { name: "closed" };

export type SocketConstructor = new (url: string | URL, protocols?: string[]) => WebSocket;

export interface ReconnectingSocketOptions {
  url: string | URL;
  /** Offers the v2 wire. */
  offersV2: boolean;
  WebSocket: SocketConstructor | undefined;
  fetch: StatusFetch | undefined;
  /** A new connection: who is to converse on it. */
  onOpen: (socket: WebSocket) => Session;
  onState: (state: ConnectionState) => void;
}

/** A socket that comes back by itself until it is closed or refused; each connection has a session of its own. */
export class ReconnectingSocket {
  readonly #plain: Upgrade;
  readonly #v2: Upgrade;
  readonly #options: ReconnectingSocketOptions;
  #state: ConnectionState = { name: "closed" };
  #socket: WebSocket | undefined;
  #session: Session | undefined;
  #openedAt = Infinity;
  /** When the server said something last. */
  #wordAt = 0;
  #failures = 0;
  #refusedOffers = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #timeout: ReturnType<typeof setTimeout> | undefined;
  #life = new AbortController();

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
    const url = new URL(options.url);
    url.protocol = url.protocol.replace("http", "ws");
    this.#plain = { url, protocols: [] };
    this.#v2 = v2Upgrade(url);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Does nothing while it is open or about to be. */
  connect(): void {
    if (this.#state.name !== "closed" && this.#state.name !== "refused") return;
    this.#life = new AbortController();
    this.#failures = 0;
    this.#wordAt = performance.now();
    onPageReturn(() => this.wake(), this.#life.signal);
    this.#open();
  }

  /** The page is visible, or the device online again: there is no reason to wait any longer. */
  wake(): void {
    if (this.#state.name === "waiting") this.#open();
    else this.#session?.wake?.();
  }

  close(): void {
    this.#end({ name: "closed" });
  }

  /** The connection is dead although it does not say so. */
  reconnect(): void {
    void this.#lost(0);
  }

  #open(): void {
    clearTimeout(this.#retry);
    const offers = this.#options.offersV2 && this.#refusedOffers < MAX_REFUSED_OFFERS;
    const upgrade = offers ? this.#v2 : this.#plain;
    const socket = new (this.#options.WebSocket ?? WebSocket)(upgrade.url, upgrade.protocols);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    let wasOpen = false;
    this.#timeout = setTimeout(() => this.reconnect(), OPEN_WITHIN_MS);
    socket.onopen = () => {
      clearTimeout(this.#timeout);
      wasOpen = true;
      this.#openedAt = performance.now();
      if (offers) this.#refusedOffers = 0;
      this.#session = this.#options.onOpen(socket);
      this.#enter({ name: "open" });
    };
    socket.onmessage = (event) => {
      this.#wordAt = performance.now();
      this.#session?.receive(event.data);
    };
    socket.onclose = (event) => void this.#lost(event.code, wasOpen ? undefined : upgrade);
    this.#enter({ name: "connecting" });
  }

  /** @param failed the upgrade, where there was no connection */
  async #lost(code: number, failed?: Upgrade): Promise<void> {
    if (performance.now() - this.#openedAt >= STABLE_MS) this.#failures = 0;
    this.#openedAt = Infinity;
    this.#drop();
    const { signal } = this.#life;
    const why = failed && (await whyNot(failed, this.#options.fetch ?? fetch));
    if (signal.aborted) return;
    if (code === CROWDED_CODE) return this.#end({ name: "refused", why: "crowded" });
    if (REFUSING_CODES.has(code) || why === "refused") return this.#end({ name: "refused" });
    if (why === "there") this.#refusedOffers += 1;
    const retryInMs = retryDelayMs(this.#failures++);
    this.#retry = setTimeout(() => this.#open(), retryInMs);
    this.#enter({ name: "waiting", retryInMs, silentMs: performance.now() - this.#wordAt });
  }

  #end(state: ConnectionState): void {
    this.#life.abort();
    clearTimeout(this.#retry);
    this.#drop();
    this.#enter(state);
  }

  #drop(): void {
    clearTimeout(this.#timeout);
    this.#session?.close();
    this.#session = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

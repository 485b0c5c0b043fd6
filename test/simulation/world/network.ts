import type { WSContext, WSEvents } from "hono/ws";
import type { SocketConstructor } from "../../../src/client/session/reconnecting-socket.ts";
import type { StatusFetch } from "../../../src/client/session/why-not.ts";
import { V2_SUBPROTOCOL } from "../../../src/core/protocol/v2.ts";
import type { Socket, SocketMessage } from "../../../src/party/transport/socket.ts";
import type { Realm, VirtualWorld } from "./virtual-world.ts";

/** Who notices that a connection is cut, and when. */
export type CutKind =
  /** Both at once. */
  | "both"
  /** The client at once, the server after half a minute: a proxy keeps the old socket while a new one is opened. */
  | "client"
  /** The server at once, the client only by its own probes. */
  | "server";

/** How long the end that was not told believes in the connection, ms. */
export const HALF_OPEN_MS = 30_000;

/** ms from when a socket takes nothing more until its server is told that it has ended. */
const CLOSING_MS = 5;

/** What a network does to one device, now. */
export interface Weather {
  /** ms each way. */
  delayMs: number;
  /** Of the way down. */
  bytesPerMs: number;
  /** Until then nothing leaves. */
  stalledUntil: number;
  /** Until then no connection is made. */
  awayUntil: number;
}

/** What answers at the table's address. */
export interface Host {
  realm: Realm;
  /** @param wire kept for the upgrade, where the answer is one */
  fetch(request: Request): Promise<Response>;
  /** What the last request was upgraded to. */
  takeUpgrade(): WSEvents<Wire> | undefined;
}

/** Every message that leaves a server, before it is under way. */
export type Sniffer = (player: string, message: SocketMessage) => void;

export interface Device {
  player: string;
  /** Told of every text that arrives, before the client is. */
  onText?: (text: string) => void;
  realm: Realm;
  weather: Weather;
}

/** Between devices and the table: the sockets that are open, and what becomes of them. */
export class Network {
  host: Host | undefined;
  readonly wires: Set<Wire> = new Set();
  readonly world: VirtualWorld;
  readonly sniff: Sniffer;

  constructor(world: VirtualWorld, sniff: Sniffer) {
    this.world = world;
    this.sniff = sniff;
  }

  /** The `WebSocket` of one device. */
  socketsOf(device: Device): SocketConstructor {
    const network = this;
    class DeviceSocket {
      constructor(url: string | URL, protocols: string[] = []) {
        // biome-ignore lint/correctness/noConstructorReturn: the client calls it as it calls the browser's own.
        return new Wire(network, device, String(url), protocols).page as never;
      }
    }
    return DeviceSocket as unknown as SocketConstructor;
  }

  /** The `fetch` of one device. */
  fetchOf({ realm, weather }: Device): StatusFetch {
    const { world } = this;
    return (url, { signal, headers = {} }) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        const { host } = this;
        const back = (then: () => void): void => world.in(weather.delayMs, realm, then);
        world.in(weather.delayMs, host?.realm ?? realm, () => {
          if (!this.host || weather.awayUntil > world.time.now) {
            back(() => reject(new TypeError("unreachable")));
            return;
          }
          void this.host
            .fetch(new Request(url, { headers }))
            .then(({ status }) => back(() => resolve({ status })));
        });
        if (host && !host.realm.isAlive) back(() => reject(new TypeError("unreachable")));
      });
  }

  of(player: string): Wire[] {
    return [...this.wires].filter((wire) => wire.device.player === player);
  }
}

/** The page's end of a socket: as much of `WebSocket` as the client uses. */
interface PageSocket {
  binaryType: string;
  protocol: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string): void;
  close(): void;
}

/** One connection between a page and a server. Both ways keep their order; what is under way when it is cut is lost. */
export class Wire {
  readonly device: Device;
  readonly page: PageSocket;
  readonly server: Socket;
  readonly #network: Network;
  readonly #world: VirtualWorld;
  #events: WSEvents<Wire> | undefined;
  #serverRealm: Realm | undefined;
  #isPageOpen = true;
  #isServerOpen = false;
  /** The page has closed it, which the server has not been told yet. */
  #isClosing = false;
  /** Nothing crosses any more, whatever the ends believe. */
  #isCut = false;
  readonly #queue: SocketMessage[] = [];
  #queued = 0;
  #isSending = false;
  #downAt = 0;
  #upAt = 0;

  constructor(network: Network, device: Device, url: string, protocols: string[]) {
    this.#network = network;
    this.#world = network.world;
    this.device = device;
    this.page = {
      binaryType: "arraybuffer",
      protocol: "",
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (data) => this.#up(data),
      close: () => this.leave(1005),
    };
    this.server = {
      onDrain: undefined,
      onControlFrame: undefined,
      send: (messages) => this.#send(messages),
      bufferedAmount: () => this.#queued,
      close: (code) => this.#closeByServer(code),
      terminate: () => this.#terminate(),
    };
    const { weather, realm } = device;
    const { host } = network;
    if (!host?.realm.isAlive || weather.awayUntil > this.#world.time.now) {
      this.#world.in(weather.delayMs, realm, () => this.#closePage(1006));
      return;
    }
    this.#world.in(weather.delayMs, host.realm, () => this.#arrive(host, url, protocols));
    network.wires.add(this);
  }

  get isOpen(): boolean {
    return this.#isPageOpen && this.#isServerOpen && !this.#isCut;
  }

  /** Whether the server believes in it. */
  get isOpenAtServer(): boolean {
    return this.#isServerOpen;
  }

  /** The page closes it. */
  leave(code: number): void {
    if (!this.#isPageOpen) return;
    this.#isPageOpen = false;
    this.#endLater(code);
  }

  cut(kind: CutKind): void {
    if (this.#isCut) return;
    this.#isCut = true;
    const { realm, weather } = this.device;
    const late = weather.delayMs + HALF_OPEN_MS;
    this.#world.in(kind === "server" ? late : 1, realm, () => this.#closePage(1006));
    if (this.#serverRealm) {
      this.#world.in(kind === "client" ? late : 1, this.#serverRealm, () => this.#endServer(1006));
    } else this.#network.wires.delete(this);
  }

  #arrive(host: Host, url: string, protocols: string[]): void {
    const headers: Record<string, string> = {
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    };
    if (protocols.length > 0) headers["Sec-WebSocket-Protocol"] = protocols.join(", ");
    void host.fetch(new Request(url.replace(/^ws/, "http"), { headers })).then(() => {
      const events = host.takeUpgrade();
      const { realm, weather } = this.device;
      if (!events || this.#isCut) {
        this.#network.wires.delete(this);
        this.#world.in(weather.delayMs, realm, () => this.#closePage(1006));
        return;
      }
      this.#events = events;
      this.#serverRealm = host.realm;
      this.#isServerOpen = true;
      this.#downLater(() => {
        this.page.protocol = protocols[0] === V2_SUBPROTOCOL ? V2_SUBPROTOCOL : "";
        this.page.onopen?.();
      });
      events.onOpen?.({} as Event, this.#context);
      if (!this.#isPageOpen) this.#endLater(1006);
    });
  }

  get #context(): WSContext<Wire> {
    return { raw: this } as unknown as WSContext<Wire>;
  }

  #send(messages: readonly SocketMessage[]): void {
    if (!this.#isServerOpen || this.#isClosing) throw new Error("the socket is closed");
    for (const message of messages) {
      this.#network.sniff(this.device.player, message);
      this.#queue.push(message);
      this.#queued += message.length;
    }
    if (!this.#isSending) this.#drain();
  }

  #drain(): void {
    const { weather } = this.device;
    const { now } = this.#world.time;
    const realm = this.#serverRealm as Realm;
    if (weather.stalledUntil > now && !this.#isCut) {
      this.#isSending = true;
      this.#world.at(weather.stalledUntil, realm, () => this.#goOn());
      return;
    }
    if (weather.bytesPerMs === Number.POSITIVE_INFINITY || this.#isCut) {
      this.#isSending = false;
      const batch = this.#queue.splice(0);
      const wasQueued = this.#queued > 0;
      this.#queued = 0;
      if (batch.length > 0) this.#downLater(() => this.#deliver(batch));
      if (wasQueued) this.#world.in(0, realm, () => this.server.onDrain?.());
      return;
    }
    const [message] = this.#queue;
    this.#isSending = message !== undefined;
    if (!message) return;
    this.#world.in(message.length / weather.bytesPerMs, realm, () => {
      if (this.#queue[0] === message) {
        this.#queue.shift();
        this.#queued -= message.length;
        this.#downLater(() => this.#deliver([message]));
        this.server.onDrain?.();
      }
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#isSending = false;
    this.#drain();
  }

  #deliver(messages: readonly SocketMessage[]): void {
    for (const message of messages) {
      if (this.#isCut || !this.#isPageOpen) return;
      this.#world.note(message);
      if (typeof message === "string") this.device.onText?.(message);
      const data = typeof message === "string" ? message : message.slice().buffer;
      this.page.onmessage?.({ data });
    }
  }

  #up(data: string): void {
    if (!this.#isPageOpen) return;
    this.#upLater(() => {
      if (!this.#isServerOpen) return;
      this.#world.note(data);
      this.#events?.onMessage?.({ data } as MessageEvent, this.#context);
    });
  }

  #closeByServer(code: number): void {
    if (!this.#isServerOpen) return;
    // What was sent before goes first.
    const wait = (): void => {
      if (this.#queue.length > 0 && this.#isServerOpen && !this.#isCut) {
        this.#world.in(100, this.#serverRealm as Realm, wait);
        return;
      }
      this.#downLater(() => {
        this.#closePage(code);
        this.#upLater(() => this.#endServer(code));
      });
    };
    wait();
  }

  #terminate(): void {
    this.#world.in(0, this.#serverRealm as Realm, () => this.#endServer(1006));
    this.#downLater(() => this.#closePage(1006));
  }

  #closePage(code: number): void {
    if (!this.#isPageOpen) return;
    this.#isPageOpen = false;
    this.page.onclose?.({ code });
  }

  #endServer(code: number): void {
    if (!this.#isServerOpen) return;
    this.#isServerOpen = false;
    this.#network.wires.delete(this);
    this.#events?.onClose?.({ code } as CloseEvent, this.#context);
  }

  /** The server learns that the page has closed it. */
  #endLater(code: number): void {
    this.#upLater(() => {
      this.#isClosing = true;
      this.#world.in(CLOSING_MS, this.#serverRealm as Realm, () => this.#endServer(code));
    });
  }

  #downLater(then: () => void): void {
    const { realm, weather } = this.device;
    this.#downAt = Math.max(this.#downAt, this.#world.time.now + weather.delayMs);
    this.#world.at(this.#downAt, realm, () => this.#isCut || then());
  }

  #upLater(then: () => void): void {
    const { weather } = this.device;
    this.#upAt = Math.max(this.#upAt, this.#world.time.now + weather.delayMs);
    const realm = this.#serverRealm;
    if (realm) this.#world.at(this.#upAt, realm, () => this.#isCut || then());
  }

  /** Its server's process is gone: the operating system says so to the page, unless the whole machine is. */
  orphan(isSilent: boolean): void {
    this.#isServerOpen = false;
    this.#network.wires.delete(this);
    if (isSilent) this.cut("server");
    else this.#downLater(() => this.#closePage(1006));
  }
}

import type { RemoteClock } from "../core/clock/remote-clock.ts";
import type { AnswerRequest } from "../core/protocol/answers.ts";
import type { SpeakRequest } from "../core/protocol/speak-request.ts";
import {
  type Codec,
  type SettingsMessage,
  V2_SUBPROTOCOL,
  type V2ClientMessage,
} from "../core/protocol/v2.ts";
import { Emitter } from "./session/emitter.ts";
import { HeardOutbox, type HeardReport } from "./session/heard-outbox.ts";
import { LazySession } from "./session/lazy-session.ts";
import type { Line } from "./session/line.ts";
import { linesOf } from "./session/line-queue.ts";
import type { PartyEvents } from "./session/party-events.ts";
import {
  type ConnectionState,
  ReconnectingSocket,
  type SocketConstructor,
} from "./session/reconnecting-socket.ts";
import { ResumeState, type ToldPoint } from "./session/resume-state.ts";
import { ServerClock } from "./session/server-clock.ts";
import type { OtherMessage } from "./session/shapes.ts";
import type { Session, SessionLink, TableEvents } from "./session/table-events.ts";
import { Transcripts } from "./session/transcript.ts";
import { V2Session, type V2State } from "./session/v2-session.ts";
import type { StatusFetch } from "./session/why-not.ts";

export interface PartyClientOptions {
  /**
   * The socket's address with its token, which is shown to the server apart from it wherever that can be, not on dm20;
   * `http:` and `https:` are taken as `ws:` and `wss:`.
   */
  url: string | URL;
  /** `dm20`: does not offer v2. By default the server chooses. */
  wire?: "dm20";
  /** v2: what this client can play, in order of preference. Default Opus, then PCM. */
  codecs?: readonly Codec[];
  /** v2: wants the times of words. Default true. */
  captions?: boolean;
  /** v2: wants to play in step with the others. Default true. */
  sync?: boolean;
  /** v2: how far a page had got that was loaded anew: it is told what it missed, as text. */
  told?: ToldPoint | undefined;
  /** Instead of the global one. */
  WebSocket?: SocketConstructor;
  /** Instead of the global one; asks the server why it refused a socket. */
  fetch?: StatusFetch;
  /**
   * Silence that means a dead connection: on dm20 after the server's first ping (default 60 s), on v2 after a
   * probe (default 20 s).
   */
  silenceMs?: number;
  /** v2: ms between probes of the connection at most; to play in step, the clock is probed more often. Default 15 s. */
  probeMs?: number;
}

/** A line to be said; without `to` it is for everyone. */
export type LineRequest = Omit<SpeakRequest, "to"> & Partial<Pick<SpeakRequest, "to">>;

/** One listener's place at the table: a connection that comes back by itself until closed or refused. */
export class PartyClient extends Emitter<PartyEvents> {
  readonly #options: PartyClientOptions;
  readonly #socket: ReconnectingSocket;
  readonly #v2: V2State;
  readonly #heard = new HeardOutbox((message) => this.send(message));
  #settings: Omit<SettingsMessage, "type">;
  /** The conversation on the v2 wire, while there is a connection for one. */
  #session: V2Session | undefined;
  #latencyMs: number | undefined;

  constructor(options: PartyClientOptions) {
    super();
    this.#options = options;
    this.#v2 = {
      resume: new ResumeState(options.told),
      transcripts: new Transcripts(),
      clock: new ServerClock(),
    };
    this.#settings = { captions: options.captions ?? true, sync: options.sync ?? true };
    this.#socket = new ReconnectingSocket({
      url: options.url,
      offersV2: options.wire !== "dm20",
      WebSocket: options.WebSocket,
      fetch: options.fetch,
      onOpen: (socket) => this.#newSession(socket),
      onState: (state) => {
        if (state.name !== "open") this.#session = undefined;
        this.emit("state", state);
      },
    });
  }

  get state(): ConnectionState {
    return this.#socket.state;
  }

  /** ms to add to `performance.now()` for the server's clock; undefined before v2's first probe. */
  get clockOffsetMs(): number | undefined {
    return this.clock?.offsetMs;
  }

  /**
   * v2: the server's clock against `performance.now()`; undefined before the first probe. Kept over
   * reconnects; a server that has started anew gets another.
   */
  get clock(): RemoteClock | undefined {
    return this.#v2.clock.remote;
  }

  /** Whether it wants to play in step with the others. */
  get keepsStep(): boolean {
    return this.#settings.sync === true;
  }

  /** Takes the place at the table; does nothing while it is taken or being taken. */
  connect(): void {
    this.#socket.connect();
  }

  /** Leaves the table. */
  close(): void {
    this.#socket.close();
  }

  /**
   * Every line from now on, once its text is complete, until the client is closed or refused. At most 256
   * wait to be taken; then the oldest go.
   */
  lines(): AsyncIterableIterator<Line, undefined> {
    return linesOf(this);
  }

  /** Tries again at once: the page is visible, or the device online again. A client on a page's thread notices that by itself. */
  wake(): void {
    this.#socket.wake();
  }

  /**
   * v2: takes the ms that must lie between sending and hearing here, which whoever plays the sound finds out;
   * undefined while not known. The server is told with each probe, and at once where it has grown.
   */
  reportLatency(ms: number | undefined): void {
    this.#latencyMs = ms;
    this.#welcomed?.latencyChanged();
  }

  /** Tells the server how far a line was heard; the dm20 wire has no word for that. */
  heard(report: HeardReport): void {
    this.#heard.report(report);
  }

  /** Changes what is asked of the server, now and after every reconnect. */
  change(settings: Omit<SettingsMessage, "type">): void {
    this.#settings = { ...this.#settings, ...settings };
    this.#welcomed?.change(settings);
  }

  /** Sends a message, also of a type that this client does not know. False where there is no v2 connection for it. */
  send(message: V2ClientMessage | OtherMessage): boolean {
    this.#welcomed?.send(message);
    return this.#welcomed !== undefined;
  }

  /** With the DM's token: says a line. False where there is no v2 connection to say it on. */
  speak(line: LineRequest): boolean {
    return this.send({ type: "speak", to: "all", ...line });
  }

  /** Tells the game master something. False where there is no v2 connection to say it on. */
  answer(request: Partial<AnswerRequest>): boolean {
    return this.send({ type: "answer", kind: "text", private: false, ...request });
  }

  /** With the DM's token: stops a line. False where there is no v2 connection to say it on. */
  cancel(utterance: string): boolean {
    return this.send({ type: "cancel", utterance });
  }

  get #welcomed(): V2Session | undefined {
    return this.#session?.isWelcome ? this.#session : undefined;
  }

  #newSession(socket: WebSocket): Session {
    const { silenceMs, probeMs = 15_000, codecs = ["opus", "pcm16"] } = this.#options;
    const link = this.#link(socket);
    if (socket.protocol !== V2_SUBPROTOCOL) {
      // Few servers speak dm20 only.
      const load = async (): Promise<Session> =>
        new (await import("./session/dm20/dm20-session.ts")).Dm20Session(link, silenceMs ?? 60_000, this.#v2);
      return new LazySession(load, link.lost);
    }
    const { codec, captions, sync } = this.#settings;
    this.#session = new V2Session(link, this.#v2, {
      hello: { codecs: [...new Set(codec ? [codec, ...codecs] : codecs)], captions, sync },
      probeMs,
      silenceMs: silenceMs ?? 20_000,
      isInStep: () => this.#settings.sync === true,
      latencyMs: () => this.#latencyMs,
      now: () => performance.now(),
    });
    return this.#session;
  }

  #link(socket: WebSocket): SessionLink {
    return {
      tell: <Name extends keyof TableEvents>(name: Name, event: PartyEvents[Name]) => {
        if (name === "connected") this.#arrive();
        this.emit(name, event);
      },
      send: (text) => socket.send(text),
      lost: () => this.#socket.reconnect(),
    };
  }

  /** What the server does not learn from `hello`, and what it missed. */
  #arrive(): void {
    const { muted } = this.#settings;
    if (!this.#welcomed) return;
    if (muted) this.send({ type: "settings", muted });
    this.#heard.flush();
  }
}

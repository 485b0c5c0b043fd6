/** The browser's client, with its socket, clock and decoder in a worker. @module bardcast/client/worker */
import type { AnswerRequest } from "../../core/protocol/answers.ts";
import type { SettingsMessage, V2ClientMessage } from "../../core/protocol/v2.ts";
import type { LineRequest, PartyClientOptions } from "../party-client.ts";
import type { PlayoutHost, RemotePlayout } from "../playout/playout.ts";
import { Emitter } from "../session/emitter.ts";
import type { HeardReport } from "../session/heard-outbox.ts";
import type { Line } from "../session/line.ts";
import { linesOf } from "../session/line-queue.ts";
import { onPageReturn } from "../session/page-return.ts";
import type { PartyEvents } from "../session/party-events.ts";
import type { ConnectionState } from "../session/reconnecting-socket.ts";
import type { OtherMessage } from "../session/shapes.ts";
import type { FromWorker, ToWorker, WorkerEvent } from "./messages.ts";
import { WorkerPlayout } from "./worker-playout.ts";

export interface WorkerClientOptions extends Omit<PartyClientOptions, "WebSocket" | "fetch"> {
  /** Makes a worker that runs `bardcast/workers/listener`. */
  createWorker: () => Worker;
}

/** What a worker with nothing to play would report. */
const NOTHING_PLAYING: FromWorker = {
  type: "playing",
  isBusy: false,
  spoken: undefined,
  jitterDelayMs: 0,
  step: undefined,
};

/**
 * A `PartyClient` whose socket, clock and decoder live in a worker: a busy page neither loses sound nor
 * falls out of step. The player it is given to plays in step by an `AudioWorklet` where the
 * page may have one, else in blocks.
 */
export class WorkerClient extends Emitter<PartyEvents> {
  readonly #worker: Worker;
  readonly #listeners = new Set<(message: FromWorker) => void>();
  readonly #life = new AbortController();
  #state: ConnectionState = { name: "closed" };
  #clockOffsetMs: number | undefined;

  constructor({ createWorker, url, ...options }: WorkerClientOptions) {
    super();
    this.#worker = createWorker();
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#take(data);
    this.#post({ type: "enter", options: { ...options, url: String(url) } });
    onPageReturn(() => this.#post({ type: "return" }), this.#life.signal);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** ms to add to `performance.now()` for the server's clock; undefined before the first probe. */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  /** Takes the place at the table; does nothing while it is taken or being taken. */
  connect(): void {
    this.#post({ type: "connect" });
  }

  /** Leaves the table. */
  close(): void {
    this.#post({ type: "close" });
  }

  /** Leaves the table for good. */
  terminate(): void {
    this.#life.abort();
    this.#worker.onmessage = null;
    this.#worker.terminate();
    for (const listener of this.#listeners) listener(NOTHING_PLAYING);
    if (this.#state.name !== "closed")
      this.#tell({ type: "event", name: "state", event: { name: "closed" } });
  }

  /** Every line from now on; see `PartyClient.lines`. */
  lines(): AsyncIterableIterator<Line, undefined> {
    return linesOf(this);
  }

  /** Tells the server how far a line was heard. */
  heard(report: HeardReport): void {
    this.#post({ type: "heard", report });
  }

  /** Changes what is asked of the server, now and after every reconnect. */
  change(settings: Omit<SettingsMessage, "type">): void {
    this.#post({ type: "change", settings });
  }

  /** Sends a message, also of a type that clients do not know. False where there is no connection for it. */
  send(message: V2ClientMessage | OtherMessage): boolean {
    const isOpen = this.#state.name === "open";
    if (isOpen) this.#post({ type: "send", message });
    return isOpen;
  }

  /** With the DM's token: says a line. False where there is no connection to say it on. */
  speak(line: LineRequest): boolean {
    return this.send({ type: "speak", to: "all", ...line });
  }

  /** With the DM's token: stops a line. False where there is no connection to say it on. */
  cancel(utterance: string): boolean {
    return this.send({ type: "cancel", utterance });
  }

  /** Tells the game master something. False where there is no connection to say it on. */
  answer(request: Partial<AnswerRequest>): boolean {
    return this.send({ type: "answer", kind: "text", private: false, ...request });
  }

  /** Plays for a player, in the worker. */
  playLines(host: PlayoutHost): RemotePlayout {
    return new WorkerPlayout(host, {
      send: (message, transfer) => this.#post(message, transfer),
      listen: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    });
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #take(message: FromWorker): void {
    if (message.type === "event") this.#tell(message);
    else if (message.type === "clock") this.#clockOffsetMs = message.offsetMs + performance.timeOrigin;
    else for (const listener of this.#listeners) listener(message);
  }

  #tell(message: WorkerEvent): void {
    if (message.name === "state") this.#state = message.event;
    // Name and event belong together, which the type of a union cannot say here.
    this.emit(message.name, message.event as never);
  }
}

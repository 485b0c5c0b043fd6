import { PartyClient } from "../../../client/index.ts";
import {
  isCount,
  isFlag,
  isNumber,
  isText,
  listOf,
  type OtherMessage,
  objectOf,
  oneOf,
  optional,
} from "../../../client/session/shapes.ts";
import {
  type DeviceAnswer,
  type FoundMessage,
  type HearingMessage,
  type HearingState,
  MAX_TUNED,
  type TunedDevice,
  type TuneMessage,
} from "../../../core/protocol/tuning.ts";
import type { Microphone } from "../../ear/microphone.ts";
import type { Probed, Room, RoundHeard } from "./tune-room.ts";

/** Why a table cannot be tuned; `phone-…`: why the phone that was to listen does not. */
export type TableReason =
  | "busy"
  | "old"
  | "lost"
  | `phone-${Exclude<HearingState, "asked" | "ready"> | "old"}`;

export class TableError extends Error {
  override readonly name = "TableError";
  readonly reason: TableReason;

  constructor(reason: TableReason, message: string = reason) {
    super(message);
    this.reason = reason;
  }
}

/** A server that knows of tunings answers at once. */
const ANSWER_MS = 3_000;
/** Devices answer as soon as they have loaded the code for it. */
const DEVICE_MS = 3_000;
const CONNECT_MS = 10_000;
const LOOK_MS = 50;
/** From a probe's moment to what a phone says of it, at most. */
const FOUND_MS = 6_000;

const isDevice = objectOf({
  device: isCount,
  player: isText,
  why: optional(oneOf("dm20", "out-of-step", "muted")),
  ear: optional(oneOf(true)),
});
const isTune = objectOf({
  type: oneOf("tune"),
  tune: isText,
  on: isFlag,
  devices: optional(listOf(isDevice, MAX_TUNED)),
});
const isAnswer = objectOf({ type: oneOf("tune.probed", "tune.trimmed"), device: isCount });
const isProbed = objectOf({ placed: isCount, trimMs: isNumber });
const isHearing = objectOf({ type: oneOf("tune.hearing"), state: isText, processed: optional(isFlag) });
const isFound = objectOf({
  type: oneOf("tune.found"),
  momentAt: isNumber,
  lateMs: isNumber,
  isHeard: isFlag,
});

/**
 * A table to whose devices this console's microphone listens, or a player's phone: what it asks goes over a socket of its
 * own.
 */
export class TableRoom implements Room {
  devices: readonly TunedDevice[] = [];
  /** Whether the browser of the phone that listens changes what it hears. */
  isProcessed = false;
  readonly #client: PartyClient;
  readonly #microphone: Microphone | undefined;
  /** Probes that a phone is to hear, by their moment. */
  readonly #finding = new Map<number, (heard: RoundHeard) => void>();
  #onHearing: ((hearing: HearingMessage) => void) | undefined;
  /** Who waits for an answer, in order: orders may be under way one behind the other. */
  readonly #waiting = new Map<string, ((answer: DeviceAnswer) => void)[]>();
  #onTune: ((tune: TuneMessage) => void) | undefined;
  #onError: ((code: string) => void) | undefined;
  #onLost: ((error: TableError) => void) | undefined;
  /** Rejects when the tuning ends before its time. */
  readonly lost: Promise<never>;
  /** ms to add to the server's clock for ms since the epoch; one for all that is compared. */
  #offsetMs = 0;

  /** @param url of the socket, with the DM's token @param microphone left out: a phone is to `listen` */
  constructor(url: URL, microphone?: Microphone) {
    this.#microphone = microphone;
    this.lost = new Promise((_, reject) => {
      this.#onLost = reject;
    });
    this.lost.catch(() => undefined);
    this.#client = new PartyClient({ url, captions: false });
    this.#client.on("other", (message) => this.#take(message));
    this.#client.on("error", ({ code }) => this.#onError?.(code));
    this.#client.on("state", ({ name }) => {
      if (name !== "open" && name !== "connecting") this.#onLost?.(new TableError("lost"));
    });
  }

  /** Finds the table, and learns its clock. @throws TableError `lost` */
  async connect(): Promise<void> {
    this.#client.connect();
    const until = performance.now() + CONNECT_MS;
    const isReady = (): boolean => this.#client.clock?.isTrusted === true;
    while (!isReady() && performance.now() < until)
      await Promise.race([this.lost, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    if (!isReady()) throw new TableError("lost");
  }

  /** Has a phone of that player's listen. Resolves when it does. @param onAsked it asks its player @throws TableError `phone-…`, `busy` */
  async listenAt(player: string, onAsked: () => void): Promise<void> {
    let answersBy: ReturnType<typeof setTimeout> | undefined;
    const ready = new Promise<void>((resolve, reject) => {
      answersBy = setTimeout(() => reject(new TableError("phone-old")), DEVICE_MS);
      this.#onError = (code) => reject(new TableError(code === "busy" ? "busy" : "old"));
      this.#onHearing = ({ state, processed = false }) => {
        clearTimeout(answersBy);
        if (state === "asked") onAsked();
        else if (state === "ready") {
          this.isProcessed = processed;
          resolve();
        } else reject(new TableError(`phone-${state}`));
      };
      this.#client.send({ type: "tune.ear", player });
    });
    try {
      await Promise.race([ready, this.lost]);
    } finally {
      clearTimeout(answersBy);
      this.#onError = undefined;
      this.#onHearing = ({ state }) => {
        if (state !== "asked" && state !== "ready") this.#onLost?.(new TableError(`phone-${state}`));
      };
    }
  }

  /** Has the table be quiet, and learns who is here. @throws TableError `busy`, `old` */
  async open(): Promise<void> {
    const tune = await new Promise<TuneMessage>((resolve, reject) => {
      setTimeout(() => reject(new TableError("old")), ANSWER_MS);
      this.#onTune = resolve;
      this.#onError = (code) => reject(new TableError(code === "busy" ? "busy" : "old"));
      this.#client.send({ type: "tune", on: true });
    });
    this.#onTune = undefined;
    this.#onError = undefined;
    this.devices = tune.devices ?? [];
    const local = performance.now();
    this.#offsetMs = performance.timeOrigin + local - (this.#client.clock?.remoteAt(local) ?? 0);
  }

  now(): number {
    return performance.timeOrigin + performance.now() - this.#offsetMs;
  }

  async probe(order: Parameters<Room["probe"]>[0]): Promise<Probed | undefined> {
    this.#client.send({ type: "tune.probe", ...order });
    const answer = await this.#answer("tune.probed", order.device);
    return answer?.type === "tune.probed" ? answer : undefined;
  }

  async trim(order: Parameters<Room["trim"]>[0]): Promise<boolean> {
    this.#client.send({ type: "tune.trim", ...order });
    return (await this.#answer("tune.trimmed", order.device)) !== undefined;
  }

  hear(root: number, momentAt: number): Promise<RoundHeard> {
    if (this.#microphone) return this.#microphone.find(root, momentAt + this.#offsetMs);
    this.#client.send({ type: "tune.find", root, momentAt });
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => resolve({ lateMs: 0, isHeard: false }),
        momentAt - this.now() + FOUND_MS,
      );
      this.#finding.set(momentAt, (heard) => {
        clearTimeout(timer);
        this.#finding.delete(momentAt);
        resolve(heard);
      });
    });
  }

  /** Lets lines go on. */
  close(): void {
    this.#onLost = undefined;
    this.#client.send({ type: "tune", on: false });
    if (!this.#microphone) this.#client.send({ type: "tune.ear" });
    this.#client.close();
  }

  #answer(type: DeviceAnswer["type"], device: number): Promise<DeviceAnswer | undefined> {
    const key = `${type} ${device}`;
    return new Promise((resolve) => {
      setTimeout(() => resolve(undefined), DEVICE_MS);
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]);
    });
  }

  #take(message: OtherMessage): void {
    if (isTune(message)) this.#tuned(message as unknown as TuneMessage);
    else if (isAnswer(message) && (message.type === "tune.trimmed" || isProbed(message))) {
      const answer = message as unknown as DeviceAnswer;
      this.#waiting.get(`${answer.type} ${answer.device}`)?.shift()?.(answer);
    } else if (isHearing(message)) this.#onHearing?.(message as unknown as HearingMessage);
    else if (isFound(message)) {
      const { momentAt, lateMs, isHeard } = message as unknown as FoundMessage;
      this.#finding.get(momentAt)?.({ lateMs, isHeard });
    }
  }

  #tuned(tune: TuneMessage): void {
    if (tune.on) this.#onTune?.(tune);
    else this.#onLost?.(new TableError("lost"));
  }
}

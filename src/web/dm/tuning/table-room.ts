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
  MAX_TUNED,
  type TunedDevice,
  type TuneMessage,
} from "../../../core/protocol/tuning.ts";
import type { HeardProbe } from "./hearing.ts";
import type { Microphone } from "./microphone.ts";
import type { Probed, Room } from "./tune-room.ts";

/** Why a table cannot be tuned. */
export type TableReason = "busy" | "old" | "lost";

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

const isDevice = objectOf({
  device: isCount,
  player: isText,
  why: optional(oneOf("dm20", "out-of-step", "muted")),
});
const isTune = objectOf({
  type: oneOf("tune"),
  tune: isText,
  on: isFlag,
  devices: optional(listOf(isDevice, MAX_TUNED)),
});
const isAnswer = objectOf({ type: oneOf("tune.probed", "tune.trimmed"), device: isCount });
const isProbed = objectOf({ placed: isCount, trimMs: isNumber });

/** A table on whose devices this console's microphone listens: what it asks goes over a socket of its own. */
export class TableRoom implements Room {
  devices: readonly TunedDevice[] = [];
  readonly #client: PartyClient;
  readonly #microphone: Microphone;
  /** Who waits for an answer, in order: orders may be under way one behind the other. */
  readonly #waiting = new Map<string, ((answer: DeviceAnswer) => void)[]>();
  #onTune: ((tune: TuneMessage) => void) | undefined;
  #onError: ((code: string) => void) | undefined;
  #onLost: ((error: TableError) => void) | undefined;
  /** Rejects when the tuning ends before its time. */
  readonly lost: Promise<never>;
  /** ms to add to the server's clock for ms since the epoch; one for all that is compared. */
  #offsetMs = 0;

  /** @param url of the socket, with the DM's token */
  constructor(url: URL, microphone: Microphone) {
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

  hear(root: number, momentAt: number): Promise<HeardProbe> {
    return this.#microphone.find(root, momentAt + this.#offsetMs);
  }

  /** Lets lines go on. */
  close(): void {
    this.#onLost = undefined;
    this.#client.send({ type: "tune", on: false });
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
    }
  }

  #tuned(tune: TuneMessage): void {
    if (tune.on) this.#onTune?.(tune);
    else this.#onLost?.(new TableError("lost"));
  }
}

import { BardcastError } from "../../core/errors.ts";
import type {
  EarRequest,
  FindRequest,
  FoundMessage,
  HearingMessage,
  TuningServerMessage,
} from "../../core/protocol/tuning.ts";
import { writeV2 } from "../../core/protocol/v2.ts";
import { type Connection, isV2, type V2Connection } from "../transport/connection.ts";
import type { ConnectionManager } from "../transport/connection-manager.ts";
import { isDevice } from "./is-device.ts";

/** A device that is asked to listen, or listens. */
interface Borrowed {
  console: V2Connection;
  /** Those that may still say that they listen. */
  asked: Set<V2Connection>;
  ear: V2Connection | undefined;
}

/**
 * The ear of a console that has none of its own: one device of a player that its owner lets listen. One at a time; what
 * passes is when a probe is to be heard, and when it was.
 */
export class BorrowedEar {
  readonly #connections: Pick<ConnectionManager, "connectionsOf">;
  #borrowed: Borrowed | undefined;

  constructor(connections: Pick<ConnectionManager, "connectionsOf">) {
    this.#connections = connections;
  }

  /** The device that listens for this console. */
  of(console: V2Connection): Connection | undefined {
    return this.#borrowed?.console === console ? this.#borrowed.ear : undefined;
  }

  /** Asks a player's devices, or lets go the one that listens. @throws BardcastError `busy` while one listens for another console */
  ask(console: V2Connection, { player }: EarRequest): void {
    if (this.#borrowed?.console === console) this.#release(this.#borrowed);
    if (player === undefined) return;
    if (this.#borrowed)
      throw new BardcastError("busy", "a phone listens for another console", { retryable: true });
    const asked = this.#connections.connectionsOf([player]).filter(isDevice).filter(isV2);
    this.#borrowed = { console, asked: new Set(asked), ear: undefined };
    for (const device of asked) tell(device, { type: "tune.ear", on: true });
    if (asked.length === 0) this.#gone(this.#borrowed);
  }

  /** Has it look for a probe. @throws BardcastError `too-late` where none listens */
  find(console: V2Connection, request: FindRequest): void {
    const ear = this.of(console);
    if (!ear) throw new BardcastError("too-late", "no phone listens for this console");
    tell(ear, request);
  }

  /** Takes what a device answers; what nobody asked for is passed over. */
  answer(device: V2Connection, answer: HearingMessage | FoundMessage): void {
    const borrowed = this.#borrowed;
    if (!borrowed) return;
    if (answer.type === "tune.found") {
      if (device === borrowed.ear) tell(borrowed.console, answer);
    } else if (device === borrowed.ear || borrowed.asked.has(device)) this.#stands(borrowed, device, answer);
  }

  /** A connection has ended. */
  ended(connection: Connection): void {
    const borrowed = this.#borrowed;
    if (!borrowed) return;
    if (connection === borrowed.console) this.#release(borrowed);
    else if (connection === borrowed.ear) this.#gone(borrowed);
    else if (borrowed.asked.delete(connection as V2Connection) && !borrowed.ear && borrowed.asked.size === 0)
      this.#gone(borrowed);
  }

  close(): void {
    if (this.#borrowed) this.#release(this.#borrowed);
  }

  #stands(borrowed: Borrowed, device: V2Connection, answer: HearingMessage): void {
    const { console, asked } = borrowed;
    if (answer.state === "asked") tell(console, answer);
    else if (answer.state === "ready") {
      borrowed.ear = device;
      asked.delete(device);
      // One is enough.
      for (const other of asked) tell(other, { type: "tune.ear", on: false });
      asked.clear();
      tell(console, answer);
    } else {
      asked.delete(device);
      // Another of the player's devices may still be able to; but somebody who was asked has answered for all of them.
      if (asked.size > 0 && answer.state !== "refused") return;
      this.#release(borrowed);
      tell(console, answer);
    }
  }

  #gone({ console }: Borrowed): void {
    this.#borrowed = undefined;
    tell(console, { type: "tune.hearing", state: "gone" });
  }

  #release({ asked, ear }: Borrowed): void {
    this.#borrowed = undefined;
    for (const device of ear ? [ear] : asked) tell(device, { type: "tune.ear", on: false });
  }
}

function tell(connection: Connection, message: TuningServerMessage): void {
  connection.post(writeV2(message));
}

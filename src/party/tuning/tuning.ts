import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import {
  type EarRequest,
  type FindRequest,
  type FoundMessage,
  type HearingMessage,
  LEAST_NOTICE_MS,
  MAX_TUNED,
  MOST_NOTICE_MS,
  type ProbedMessage,
  type ProbeRequest,
  type TrimmedMessage,
  type TrimRequest,
  type TunedDevice,
  type TuneRequest,
  type TuningServerMessage,
  type Untunable,
} from "../../core/protocol/tuning.ts";
import { writeV2 } from "../../core/protocol/v2.ts";
import { type Connection, isV2, type V2Connection } from "../transport/connection.ts";
import type { ConnectionManager } from "../transport/connection-manager.ts";
import { BorrowedEar } from "./borrowed-ear.ts";
import { isDevice } from "./is-device.ts";

/** A console that says nothing for so long is not tuning any more: lines would wait for ever. */
export const SILENT_MS = 30_000;

/** What is asked of a table. */
export interface TunedTable {
  /** Has the sound of lines wait until the function that is returned is called. @throws BardcastError `busy` */
  hold(): () => void;
  /** ms on the clock that v2 listeners follow. */
  now(): number;
}

/** The sound of a place, as far as it would be heard among the probes. */
export interface TunedPlace {
  /** Has it be silent until the function that is returned is called. */
  hold(): () => void;
}

/** A tuning that is open. */
interface OpenTuning {
  id: string;
  console: V2Connection;
  devices: ReadonlyMap<number, Connection>;
  /** Lets lines and beds go on. */
  release: () => void;
  silence: ReturnType<typeof setTimeout> | undefined;
}

/** Tunes the devices of one table: one console at a time has them play probes and tells them how late they are. */
export class Tuning {
  readonly #connections: Pick<ConnectionManager, "connectionsOf" | "onChange">;
  readonly #table: TunedTable;
  readonly #place: TunedPlace;
  readonly #silentMs: number;
  readonly #unsubscribe: () => void;
  readonly #ear: BorrowedEar;
  #open: OpenTuning | undefined;

  constructor(
    connections: Pick<ConnectionManager, "connectionsOf" | "onChange">,
    table: TunedTable,
    place: TunedPlace,
    silentMs: number = SILENT_MS,
  ) {
    this.#connections = connections;
    this.#table = table;
    this.#place = place;
    this.#silentMs = silentMs;
    this.#ear = new BorrowedEar(connections);
    this.#unsubscribe = connections.onChange((connection, change) => {
      if (change !== "ended") return;
      if (connection === this.#open?.console) this.#end();
      this.#ear.ended(connection);
    });
  }

  /**
   * Takes what a console asks for.
   * @throws BardcastError `busy` while another console tunes or has a phone listen, or a line is heard; `too-late` where it
   * has no tuning open or no phone listens for it, and for moments out of reach
   */
  direct(
    console: V2Connection,
    request: TuneRequest | ProbeRequest | TrimRequest | EarRequest | FindRequest,
  ): void {
    if (request.type === "tune.ear") {
      this.#ear.ask(console, request);
      return;
    }
    if (request.type === "tune") {
      if (this.#open?.console === console) this.#end();
      if (request.on) this.#begin(console);
      return;
    }
    const open = this.#open;
    if (open?.console !== console) throw new BardcastError("too-late", "no tuning of this console is open");
    this.#listenOn(open);
    if (request.type === "tune.find") {
      this.#requireReach([request.momentAt]);
      this.#ear.find(console, request);
      return;
    }
    if (request.type === "tune.probe") this.#requireReach(request.momentsAt);
    const { device, ...order } = request;
    const connection = open.devices.get(device);
    if (connection) tell(connection, { ...order, tune: open.id });
  }

  /** Takes what a device answers; what nobody asked for is passed over. */
  answer(
    connection: V2Connection,
    answer: ProbedMessage | TrimmedMessage | HearingMessage | FoundMessage,
  ): void {
    if (answer.type === "tune.hearing" || answer.type === "tune.found") {
      this.#ear.answer(connection, answer);
      return;
    }
    if (answer.type === "tune.trimmed") connection.v2.isUntuned = false;
    const { id, devices, console } = this.#open ?? {};
    if (answer.tune !== id || !devices || !console) return;
    for (const [device, asked] of devices) if (asked === connection) tell(console, { ...answer, device });
  }

  close(): void {
    this.#unsubscribe();
    this.#end();
    this.#ear.close();
  }

  #begin(console: V2Connection): void {
    if (this.#open)
      throw new BardcastError("busy", "another console is tuning the room", { retryable: true });
    const releases = [this.#table.hold(), this.#place.hold()];
    const release = (): void => {
      for (const each of releases) each();
    };
    const here = this.#connections.connectionsOf("all").filter(isDevice).slice(0, MAX_TUNED);
    const devices = here.map((connection, index): TunedDevice => {
      const why = whyNot(connection);
      const listens = connection === this.#ear.of(console);
      return {
        device: index + 1,
        player: connection.player,
        ...(why ? { why } : {}),
        ...(listens ? { ear: true } : {}),
      };
    });
    const able = here.flatMap((connection, index) =>
      whyNot(connection) ? [] : [[index + 1, connection] as const],
    );
    const open = { id: randomId(), console, devices: new Map(able), release, silence: undefined };
    this.#open = open;
    this.#listenOn(open);
    for (const [, connection] of able) tell(connection, { type: "tune", tune: open.id, on: true });
    tell(console, { type: "tune", tune: open.id, on: true, devices });
  }

  #end(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    clearTimeout(open.silence);
    for (const connection of [...open.devices.values(), open.console])
      tell(connection, { type: "tune", tune: open.id, on: false });
    this.#ear.ask(open.console, { type: "tune.ear" });
    open.release();
  }

  /** The console is there. */
  #listenOn(open: OpenTuning): void {
    clearTimeout(open.silence);
    open.silence = setTimeout(() => this.#end(), this.#silentMs);
  }

  #requireReach(momentsAt: readonly number[]): void {
    const now = this.#table.now();
    if (momentsAt.every((at) => at >= now + LEAST_NOTICE_MS && at <= now + MOST_NOTICE_MS)) return;
    throw new BardcastError("too-late", "a moment is too near, past, or too far ahead", { retryable: true });
  }
}

function whyNot(connection: Connection): Untunable | undefined {
  if (!isV2(connection)) return "dm20";
  if (!connection.v2.sync) return "out-of-step";
  return connection.v2.state === "muted" ? "muted" : undefined;
}

function tell(connection: Connection, message: TuningServerMessage): void {
  connection.post(writeV2(message));
}

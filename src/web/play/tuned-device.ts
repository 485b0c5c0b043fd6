import type { TimedSound } from "../../client/index.ts";
import {
  isFlag,
  isNumber,
  isText,
  listOf,
  type OtherMessage,
  objectOf,
  oneOf,
} from "../../client/session/shapes.ts";
import { PROBE_ROOTS, Probe } from "../../core/dsp/probe.ts";
import {
  MAX_LEVEL,
  MAX_MOMENTS,
  MAX_TRIM_MS,
  type ProbeMessage,
  type TrimMessage,
} from "../../core/protocol/tuning.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { EarTable, PhoneEar } from "../ear/phone-ear.ts";
import { OutputTrims } from "./output-trims.ts";
import type { SeatView } from "./seat-view.ts";

/** What a tuning needs of a seat. */
export interface TunedSeat {
  view(): SeatView;
  set(settings: { trimMs: number }): void;
  click(sound: TimedSound): void;
  notify(notice: string): void;
}

/** A resampler keeps the last samples back. */
const SILENCE = 64;

const within =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    isNumber(value) && (value as number) >= least && (value as number) <= most;
const isTune = objectOf({ type: oneOf("tune"), on: isFlag });
const isProbe = objectOf({
  type: oneOf("tune.probe"),
  tune: isText,
  root: within(1, PROBE_ROOTS),
  level: within(0, MAX_LEVEL),
  momentsAt: listOf(isNumber, MAX_MOMENTS),
});
const isTrim = objectOf({ type: oneOf("tune.trim"), tune: isText, ms: within(-MAX_TRIM_MS, MAX_TRIM_MS) });

/** This device while the game master tunes the room: it plays what it is asked to, and keeps how late it is. */
export class TunedDevice {
  readonly #client: EarTable;
  readonly #seat: TunedSeat;
  readonly #trims: OutputTrims;
  #ear: Promise<PhoneEar> | undefined;

  constructor(client: EarTable, seat: TunedSeat) {
    this.#client = client;
    this.#seat = seat;
    this.#trims = new OutputTrims(seat, () => client.send({ type: "tune.lost" }));
  }

  /** Takes what a table says of a tuning; what is malformed is passed over. */
  async take(message: OtherMessage): Promise<void> {
    await this.#trims.ready;
    if (isTune(message)) this.#tune(message.on === true);
    else if (isProbe(message)) this.#probe(message as unknown as ProbeMessage);
    else if (isTrim(message)) this.#trim(message as unknown as TrimMessage);
    else if (message.type === "tune.ear" || message.type === "tune.find") await this.#listen(message);
  }

  /** It may be the console's ear: few phones are ever asked to. */
  async #listen(message: OtherMessage): Promise<void> {
    this.#ear ??= import("../ear/phone-ear.ts").then(({ PhoneEar }) => new PhoneEar({ table: this.#client }));
    try {
      (await this.#ear).take(message);
    } catch {
      // The next one tries again.
      this.#ear = undefined;
      this.#client.send({ type: "tune.hearing", state: "broken" });
    }
  }

  #tune(on: boolean): void {
    if (on) this.#seat.notify("The room is being tuned: this device will hiss for a moment.");
  }

  /** On the way that speech takes, so that all that is late on it is heard to be. */
  #probe({ tune, root, level, momentsAt }: ProbeMessage): void {
    const { step, sound, muted, volume, trimMs } = this.#seat.view();
    const isLoud = step !== undefined && sound === "running" && !muted && volume > 0;
    if (isLoud) {
      const probe = new Probe(root).sampled(V2_SAMPLE_RATE);
      const samples = new Float32Array(probe.length + SILENCE);
      samples.set(probe.map((sample) => sample * level));
      this.#seat.click({ samples, momentsAt });
    }
    this.#client.send({
      type: "tune.probed",
      tune,
      placed: isLoud ? momentsAt.length : 0,
      trimMs,
      uncertaintyMs: step?.uncertaintyMs,
    });
  }

  #trim({ tune, ms }: TrimMessage): void {
    this.#seat.set({ trimMs: ms });
    this.#trims.keep();
    this.#client.send({ type: "tune.trimmed", tune, ms });
  }
}

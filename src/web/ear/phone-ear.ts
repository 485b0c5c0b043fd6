import { isNumber, type OtherMessage, objectOf, oneOf } from "../../client/session/shapes.ts";
import { PROBE_ROOTS } from "../../core/dsp/probe.ts";
import type { FindRequest, HearingState, TuningClientMessage } from "../../core/protocol/tuning.ts";
import { EarQuestion } from "./ear-question.ts";
import { canHear, DeafError, Microphone } from "./microphone.ts";

/** What listens, as far as it matters here. */
export type Ear = Pick<Microphone, "isProcessed" | "steady" | "find" | "close">;

/** The page's connection to its table. */
export interface EarTable {
  /** ms to add to `performance.now()` for the server's clock; undefined before the first probe. */
  readonly clockOffsetMs: number | undefined;
  send(message: TuningClientMessage): boolean;
}

/** What asks the player; its `close` may be called at any time. */
export interface Question {
  /** It listens. */
  listening(): void;
  close(): void;
}

export interface PhoneEarOptions {
  table: EarTable;
  /** `allow` is called in a tap. */
  ask?: (answers: { allow: () => void; refuse: () => void }) => Question;
  open?: () => Promise<Ear>;
}

/** A microphone that nothing is asked of for so long is given back, whatever has become of the console. */
export const UNASKED_MS = 30_000;

const isFind = objectOf({
  type: oneOf("tune.find"),
  root: (value) => isNumber(value) && (value as number) >= 1 && (value as number) <= PROBE_ROOTS,
  momentAt: isNumber,
});

/**
 * This device as the ear of a console that has none: once its player has allowed it, it tells when it heard which probe, and
 * nothing else.
 */
export class PhoneEar {
  readonly #table: EarTable;
  readonly #ask: NonNullable<PhoneEarOptions["ask"]>;
  readonly #open: () => Promise<Ear>;
  #question: Question | undefined;
  #ear: Ear | undefined;
  /** ms to add to the server's clock for ms since the epoch; one for all that is compared. */
  #offsetMs = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor({ table, ask = EarQuestion.ask, open = Microphone.open }: PhoneEarOptions) {
    this.#table = table;
    this.#ask = ask;
    this.#open = open;
  }

  take(message: OtherMessage): void {
    if (isFind(message)) void this.#find(message as unknown as FindRequest);
    else if (message.type === "tune.ear") {
      this.close();
      if (message.on === true) this.#asked();
    }
  }

  /** It listens no more. */
  close(): void {
    clearTimeout(this.#silence);
    this.#question?.close();
    this.#question = undefined;
    this.#ear?.close();
    this.#ear = undefined;
  }

  #asked(): void {
    if (!canHear()) {
      this.#say("insecure");
      return;
    }
    const question = this.#ask({
      allow: () => void this.#listen(question),
      refuse: () => {
        if (this.#question !== question) return;
        this.close();
        this.#say("refused");
      },
    });
    this.#question = question;
    this.#say("asked");
  }

  async #listen(question: Question): Promise<void> {
    const isWanted = (): boolean => this.#question === question;
    let ear: Ear | undefined;
    try {
      ear = await this.#open();
      if (!isWanted()) {
        ear.close();
        return;
      }
      this.#ear = ear;
      await ear.steady;
      if (!isWanted()) return;
      const { clockOffsetMs } = this.#table;
      // Out of touch with the table.
      if (clockOffsetMs === undefined) throw new DeafError("broken");
      this.#offsetMs = performance.timeOrigin - clockOffsetMs;
    } catch (error) {
      if (!isWanted()) return;
      this.close();
      this.#say(error instanceof DeafError ? error.reason : "broken");
      return;
    }
    question.listening();
    this.#wait();
    this.#table.send({
      type: "tune.hearing",
      state: "ready",
      ...(ear.isProcessed ? { processed: true } : {}),
    });
  }

  async #find({ root, momentAt }: FindRequest): Promise<void> {
    if (!this.#ear) return;
    this.#wait();
    const { lateMs, isHeard } = await this.#ear.find(root, momentAt + this.#offsetMs);
    this.#table.send({ type: "tune.found", root, momentAt, lateMs: isHeard ? lateMs : 0, isHeard });
  }

  /** For what is asked next. */
  #wait(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.close();
      this.#say("gone");
    }, UNASKED_MS);
  }

  #say(state: HearingState): void {
    this.#table.send({ type: "tune.hearing", state });
  }
}

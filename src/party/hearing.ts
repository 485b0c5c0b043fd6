import { deferred } from "../core/deferred.ts";
import type { HeardMessage, ListenerState } from "../core/v2.ts";
import type { Heard } from "./listening.ts";

/** How long a listener has to say how much it heard, after it should have heard all of it. */
const REPORT_GRACE_MS = 2_000;

/** What one listener says about how it hears a line, until it is known how much it heard in the end. */
export class Hearing implements Heard {
  /** Resolves when it is known. */
  readonly over: Promise<void>;
  heardMs = 0;
  state: ListenerState = "text-only";
  underruns = 0;
  /** ms by which it played late, while it kept step. */
  skewMs: number | undefined;
  readonly #over = deferred();
  #isOver = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.over = this.#over.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** @param handedMs it cannot have heard more @param isLast whether its last word is final */
  heard(report: HeardMessage, handedMs: number, isLast: boolean): void {
    this.heardMs = Math.min(report.heardMs, handedMs);
    this.state = report.state;
    this.underruns = report.underruns;
    this.skewMs = report.skewMs ?? this.skewMs;
    if (report.ended && isLast) this.finish();
  }

  /** Its last word should come when it has heard everything, in so many ms; at once where there was nothing. */
  expectLast(withinMs: number, handedMs: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.finish(), handedMs > 0 ? withinMs + REPORT_GRACE_MS : 0);
  }

  /** No more will be known. */
  finish(): void {
    clearTimeout(this.#deadline);
    this.#isOver = true;
    this.#over.resolve();
  }
}

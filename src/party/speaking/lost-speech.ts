import { type BardcastError, coded, toWire, type WireError } from "../../core/errors.ts";

/** After so many sentences in a row that no engine could speak, the rest of the line stays text. */
const GIVE_UP_AFTER = 2;

/** Counts the sentences of a line that no engine could speak. */
export class LostSpeech {
  #inARow = 0;

  /** Whether it is not worth trying the next one. */
  get isHopeless(): boolean {
    return this.#inARow >= GIVE_UP_AFTER;
  }

  /** A sentence was spoken, if only its beginning. */
  spoke(): void {
    this.#inARow = 0;
  }

  failed({ code }: BardcastError): void {
    // That nobody speaks one sentence's language says nothing of the others.
    if (code === "voice-unknown") return;
    // A router that has been waited for in vain is not waited for again.
    this.#inARow = code === "engine-hung" ? GIVE_UP_AFTER : this.#inARow + 1;
  }
}

/** Problems in one report, and characters of each. */
const MAX_PROBLEMS = 100;
const MAX_PROBLEM_CHARS = 500;

/** What went wrong in one line: a report is no larger where everything fails. */
export class Problems {
  readonly all: WireError[] = [];

  note(problem: WireError): void {
    if (this.all.length >= MAX_PROBLEMS) return;
    this.all.push({ ...problem, message: problem.message.slice(0, MAX_PROBLEM_CHARS) });
  }
}

/** The problem that is reported when a text could not be read to its end. */
export function textProblem(error: unknown): WireError {
  const problem = coded(error, "text-failed", "the text broke off before its end");
  return { ...toWire(problem), retryable: problem.code === "text-failed" || problem.retryable };
}

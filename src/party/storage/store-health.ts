import { messageOf } from "../../core/errors.ts";
import type { StoreStatus } from "../../core/protocol/api.ts";

/** Somebody has to do something before anything can be kept: the message says what, or the remedy. */
export class StoreLostError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string = "the table plays on") {
    super(message);
    this.remedy = remedy;
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "make room on its disk",
  EDQUOT: "make room on its disk",
  EROFS: "let this program write there",
  EACCES: "let this program write there",
  EPERM: "let this program write there",
};

/** Knows whether a campaign's folder takes what is to be kept, and says so once when that changes. */
export class StoreHealth {
  readonly #folder: string;
  readonly #log: (message: string) => void;
  #reason: string | undefined;
  #onWritten: () => void = () => undefined;

  /** @param log gets one sentence when nothing can be kept any more, and one when it can again */
  constructor(folder: string, log: (message: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  get status(): StoreStatus {
    return this.#reason === undefined ? { writable: true } : { writable: false, reason: this.#reason };
  }

  /** Calls `listener` whenever something was kept: what could not be may be tried again. */
  onWritten(listener: () => void): void {
    this.#onWritten = listener;
  }

  /** It was found out, and told, before anything was written. */
  lost(reason: string): void {
    this.#reason = reason;
  }

  /** Something could not be written. */
  failed(error: unknown): void {
    const isNews = this.#reason === undefined;
    this.#reason = messageOf(error);
    if (!isNews) return;
    this.#log(`what is said is no longer kept in ${this.#folder} (${this.#reason}): ${adviceOn(error)}`);
  }

  /** All that is to be kept is. */
  written(): void {
    const wasLost = this.#reason !== undefined;
    this.#reason = undefined;
    this.#onWritten();
    if (!wasLost) return;
    this.#log(`what is said is kept in ${this.#folder} again, with what was said meanwhile`);
  }
}

function adviceOn(error: unknown): string {
  if (error instanceof StoreLostError) return error.remedy;
  return remedyFor(error) ?? "the table plays on, and it is tried again with what is said next";
}

/** What somebody has to do about an error of the system; undefined where that is not known. */
export function remedyFor(error: unknown): string | undefined {
  return ADVICE[error instanceof Error && "code" in error ? String(error.code) : ""];
}

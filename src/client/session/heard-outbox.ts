import type { HeardMessage, V2ClientMessage } from "../../core/protocol/v2.ts";

/** Final reports that wait for a connection. */
const MAX_WAITING = 64;

export type HeardReport = Omit<HeardMessage, "type">;

/** Tells the server what was heard. Without a connection only an utterance's final report is kept until there is one. */
export class HeardOutbox {
  readonly #send: (message: V2ClientMessage) => boolean;
  readonly #waiting = new Map<string, HeardReport>();

  /** @param send false where there is no connection */
  constructor(send: (message: V2ClientMessage) => boolean) {
    this.#send = send;
  }

  report(report: HeardReport): void {
    const isSent = this.#send({ type: "heard", ...report });
    if (!isSent && report.ended && this.#waiting.size < MAX_WAITING)
      this.#waiting.set(report.utterance, report);
  }

  /** There is a connection. */
  flush(): void {
    for (const report of this.#waiting.values()) this.#send({ type: "heard", ...report });
    this.#waiting.clear();
  }
}

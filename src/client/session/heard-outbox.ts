import type { HeardMessage, V2ClientMessage } from "../../core/protocol/v2.ts";

/** Final reports that wait for a connection. */
const MAX_WAITING = 64;

export type HeardReport = Omit<HeardMessage, "type">;

/** Tells the server what was heard. Without a connection only an utterance's final report is kept until there is one. */
export class HeardOutbox {
  readonly #waiting = new Map<string, HeardReport>();

  /** @param send the connection, while there is one */
  report(report: HeardReport, send: ((message: V2ClientMessage) => void) | undefined): void {
    if (send) send({ type: "heard", ...report });
    else if (report.ended && this.#waiting.size < MAX_WAITING) this.#waiting.set(report.utterance, report);
  }

  flush(send: (message: V2ClientMessage) => void): void {
    for (const report of this.#waiting.values()) send({ type: "heard", ...report });
    this.#waiting.clear();
  }
}

import type { Session } from "./table-events.ts";

/** Messages that may wait for the code; more are dropped. */
const MAX_WAITING = 4_096;

/** A session whose code is loaded when it is needed; messages that come meanwhile wait. */
export class LazySession implements Session {
  #waiting: unknown[] = [];
  #session: Session | undefined;
  #isClosed = false;

  /** @param lost called where the code cannot be had */
  constructor(load: () => Promise<Session>, lost: () => void) {
    load().then(
      (session) => this.#begin(session),
      () => this.#isClosed || lost(),
    );
  }

  receive(data: unknown): void {
    if (this.#session) this.#session.receive(data);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(data);
  }

  close(): void {
    this.#isClosed = true;
    this.#session?.close();
  }

  #begin(session: Session): void {
    this.#session = session;
    if (this.#isClosed) session.close();
    else for (const data of this.#waiting.splice(0)) session.receive(data);
  }
}

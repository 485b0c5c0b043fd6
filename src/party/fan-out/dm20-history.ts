import type { Audience } from "../../core/protocol/speak-request.ts";
import type { Connection } from "../transport/connection.ts";

/** Characters of texts that are kept, and for how long. */
const MAX_CHARS = 256 * 1024;
const KEEP_MS = 3_600_000;

/** A text as it was told on dm20. */
export interface Dm20Text {
  to: Audience;
  /** Of the first message of its line: who took a player's name later is not told. */
  firstOffset: number;
  /** ms since the epoch. */
  at: number;
  message: string;
}

/** The texts of the last hour as dm20 has them, for clients who ask what they have missed. */
export class Dm20History {
  #texts: Dm20Text[] = [];
  /** Somebody was given the list: it is not changed any more. */
  #isGiven = false;
  readonly #before = new WeakMap<Connection, readonly Dm20Text[]>();
  #chars = 0;

  add(text: Dm20Text): void {
    if (this.#isGiven) this.#texts = [...this.#texts];
    this.#isGiven = false;
    const texts = this.#texts;
    texts.push(text);
    this.#chars += text.message.length;
    while (texts[0] && (this.#chars > MAX_CHARS || texts[0].at < text.at - KEEP_MS))
      this.#chars -= texts.shift()?.message.length ?? 0;
  }

  /** Somebody is told what is said from now on. */
  joined(connection: Connection): void {
    this.#isGiven = true;
    this.#before.set(connection, this.#texts);
  }

  /** Somebody was told these of before all the same. */
  told(connection: Connection, messages: readonly string[]): void {
    const before = this.#before.get(connection);
    if (before)
      this.#before.set(
        connection,
        before.filter(({ message }) => !messages.includes(message)),
      );
  }

  /**
   * What was told before somebody joined and after that time, ISO 8601, oldest first; nothing the second time. A time that
   * has not come yet says nothing of what is known.
   */
  missedBy(connection: Connection, since: string | null | undefined): readonly Dm20Text[] {
    const before = this.#before.get(connection) ?? [];
    this.#before.delete(connection);
    const now = Date.now();
    const told = Date.parse(since ?? "") || 0;
    const from = Math.max(told > now ? 0 : told, now - KEEP_MS);
    return before.filter((text) => text.at > from);
  }
}

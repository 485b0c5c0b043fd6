import { type WaitLimit, within } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { ClientBufferEstimate } from "./client-buffer-estimate.ts";
import { type Connection, DEFAULT_CONNECTION_LIMITS } from "./connection.ts";
import { LifeSigns } from "./life-signs.ts";
import type { Role } from "./role.ts";
import type { SocketMessage } from "./socket.ts";

/** How long somebody else's connections may take for a message. */
const ANSWER_LIMIT: WaitLimit = {
  ms: DEFAULT_CONNECTION_LIMITS.stallMs,
  late: () => new BardcastError("internal", "the connections did not answer", { retryable: true }),
};

/**
 * One of those who are reached through somebody else's connections. Messages go out one after the other, each when the
 * one before has gone out; a clip of a line to all and one of a whisper are never mixed.
 */
export class SentConnection implements Connection {
  readonly id: string = randomId();
  readonly player: string;
  readonly role: Role = "player";
  readonly v2: undefined = undefined;
  readonly mayReturn = false;
  readonly backlogMs = 0;
  readonly bufferedBytes = 0;
  readonly isDismissed = false;
  readonly isBehind = false;
  readonly wasTooSlow = false;
  readonly playout: ClientBufferEstimate = new ClientBufferEstimate();
  readonly closeCode: undefined = undefined;
  /** Nobody can be asked. */
  readonly life: LifeSigns = new LifeSigns(() => false);
  readonly isIndirect = true;
  #open = true;
  #hasLostText = false;
  #last: Promise<boolean> = Promise.resolve(true);
  readonly #deliver: (message: object) => unknown;
  readonly #others: () => readonly SentConnection[];

  /** @param others whose messages reach the same people */
  constructor(
    player: string,
    deliver: (message: object) => unknown,
    others: () => readonly SentConnection[],
  ) {
    this.player = player;
    this.#deliver = deliver;
    this.#others = others;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get lastSeen(): number {
    return this.life.lastSeen;
  }

  post(message: string): boolean {
    if (!this.#open) return false;
    void this.#inTurn(() => this.#send(message)).then((sent) => {
      this.#hasLostText ||= !sent;
    });
    return true;
  }

  /** Nothing is known of what it can take: everything is streamed. */
  offer(): boolean {
    return false;
  }

  stream(messages: readonly SocketMessage[], isWanted: () => boolean = () => true): Promise<boolean> {
    return this.#inTurn(async () => {
      for (const message of messages) {
        if (!isWanted() || !(await this.#send(message))) return false;
      }
      // A listener who missed the text did not get all of it.
      const hasLostText = this.#hasLostText;
      this.#hasLostText = false;
      return !hasLostText;
    });
  }

  flush(): void {}

  close(): void {
    this.#open = false;
  }

  ended(): void {
    this.#open = false;
  }

  #inTurn(work: () => Promise<boolean>): Promise<boolean> {
    const before = [this, ...this.#others()].map((connection) => connection.#last);
    this.#last = Promise.all(before).then(work);
    return this.#last;
  }

  async #send(message: SocketMessage): Promise<boolean> {
    if (!this.#open) return false;
    try {
      const answer = await within(this.#deliver(JSON.parse(String(message))), ANSWER_LIMIT);
      return answer !== false && answer !== 0;
    } catch {
      return false;
    }
  }
}

import type { SocketMessage } from "./socket.ts";

/** So many bytes do not wait for the turn to end. */
const FLUSH_BYTES = 64 * 1024;

/** Index after the last message of a batch of about `bytes`, at least one message. */
export function batchEnd(messages: readonly SocketMessage[], start: number, bytes: number): number {
  let total = 0;
  let at = start;
  do total += messages[at++]?.length ?? 0;
  while (at < messages.length && total + (messages[at]?.length ?? 0) <= bytes);
  return at;
}

/** Gathers the messages of one turn and sends them together: a system call costs more than its bytes. Large amounts leave at once. */
export class Outbox {
  readonly #send: (messages: readonly SocketMessage[]) => void;
  readonly #onDue: (canWait: boolean) => void;
  #messages: SocketMessage[] = [];
  #bytes = 0;
  #due: "never" | "later" | "soon" = "never";

  /** @param send never throws @param onDue called when something was put in: `flush` is to be called in the next turn, or soon */
  constructor(send: (messages: readonly SocketMessage[]) => void, onDue: (canWait: boolean) => void) {
    this.#send = send;
    this.#onDue = onDue;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  put(messages: readonly SocketMessage[], canWait = false): void {
    if (this.#due === "never" || (this.#due === "later" && !canWait)) {
      this.#due = canWait ? "later" : "soon";
      this.#onDue(canWait);
    }
    for (const message of messages) {
      this.#messages.push(message);
      this.#bytes += message.length;
    }
    if (this.#bytes >= FLUSH_BYTES) this.flush();
  }

  /** Hands all of it to the runtime, in one go. */
  flush(): void {
    const messages = this.#messages;
    this.#due = "never";
    if (messages.length === 0) return;
    this.clear();
    this.#send(messages);
  }

  clear(): void {
    this.#messages = [];
    this.#bytes = 0;
  }
}

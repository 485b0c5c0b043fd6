import type { OtherMessage } from "../../client/index.ts";

/** Code for the messages of one family. */
export interface MessageHandler {
  take(message: OtherMessage): void;
}

/** Messages of a family that wait for its code; then the oldest go. */
const MAX_WAITING = 64;

/**
 * Hands messages that the client does not handle itself to code that is loaded when the first of a family comes: `sound`
 * is the family of `sound.beds`. Where the code cannot be had, the next message tries again.
 */
export class OnDemand {
  readonly #loaders: Readonly<Record<string, () => Promise<MessageHandler>>>;
  readonly #handlers = new Map<string, MessageHandler>();
  /** Of families whose code is loading or could not be had. */
  readonly #waiting = new Map<string, OtherMessage[]>();
  readonly #loading = new Set<string>();

  constructor(loaders: Readonly<Record<string, () => Promise<MessageHandler>>>) {
    this.#loaders = loaders;
  }

  /** Takes a message in its turn; of a family without code it is passed over. */
  take(message: OtherMessage): void {
    const [family = ""] = message.type.split(".");
    const handler = this.#handlers.get(family);
    const load = Object.hasOwn(this.#loaders, family) && this.#loaders[family];
    if (handler) handler.take(message);
    else if (load) {
      this.#waiting.set(family, [...(this.#waiting.get(family) ?? []), message].slice(-MAX_WAITING));
      if (!this.#loading.has(family)) void this.#load(family, load);
    }
  }

  async #load(family: string, load: () => Promise<MessageHandler>): Promise<void> {
    this.#loading.add(family);
    try {
      const handler = await load();
      this.#handlers.set(family, handler);
      for (const message of this.#waiting.get(family) ?? []) handler.take(message);
      this.#waiting.delete(family);
    } catch {
      // The next message tries again.
    } finally {
      this.#loading.delete(family);
    }
  }
}

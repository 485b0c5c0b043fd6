import { BardcastError } from "../core/errors.ts";
import { Turnstile } from "../core/turn.ts";
import type { TTSRouter } from "../engines/router.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionManager } from "./connection-manager.ts";
import { Lane } from "./lane.ts";
import { Performance, type PerformanceLimits, type Script } from "./performance.ts";
import type { Audience } from "./utterance.ts";

export interface StageLimits extends PerformanceLimits {
  /** Lines that may be speaking or waiting at once. */
  maxLines: number;
}

/** What speaks when: every connection has a lane of its own, every line is made once for all of them. */
export class Stage {
  readonly #connections: Pick<ConnectionManager, "connectionsOf" | "onChange">;
  readonly #router: Pick<TTSRouter, "speak">;
  readonly #limits: StageLimits;
  readonly #turns = new Turnstile();
  readonly #lanes = new Map<Connection, Lane>();
  readonly #performances = new Map<string, Performance>();
  readonly #unsubscribe: () => void;

  constructor(
    connections: Pick<ConnectionManager, "connectionsOf" | "onChange">,
    router: Pick<TTSRouter, "speak">,
    limits: StageLimits,
  ) {
    this.#connections = connections;
    this.#router = router;
    this.#limits = limits;
    this.#unsubscribe = connections.onChange((connection, change) => {
      if (change === "opened") this.#join(connection);
      else this.#leave(connection);
    });
  }

  /** Lines that are speaking or waiting, oldest first. */
  get performances(): readonly Performance[] {
    return [...this.#performances.values()];
  }

  find(id: string): Performance | undefined {
    return this.#performances.get(id);
  }

  /**
   * Puts a line on stage for everybody in its audience who is connected now.
   * @throws BardcastError `busy` where too many lines are waiting
   */
  perform(script: Script): Performance {
    if (this.#performances.size >= this.#limits.maxLines) {
      const message = `${this.#limits.maxLines} lines are waiting to be spoken; try again when some are done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    const stage = { router: this.#router, turns: this.#turns, limits: this.#limits };
    const performance = new Performance(script, stage);
    this.#performances.set(script.id, performance);
    for (const connection of this.#connections.connectionsOf(script.to)) this.#admit(connection, performance);
    void performance.done.then(() => this.#performances.delete(script.id));
    void performance.run();
    return performance;
  }

  /** Cancels everything and forgets everybody. */
  close(): void {
    this.#unsubscribe();
    for (const performance of this.#performances.values()) performance.cancel();
    for (const lane of this.#lanes.values()) lane.close();
    this.#lanes.clear();
  }

  #admit(connection: Connection, performance: Performance): void {
    const lane = this.#lanes.get(connection) ?? new Lane();
    this.#lanes.set(connection, lane);
    lane.add(performance.listen(connection));
  }

  /** Somebody who comes in the middle of a line gets its text so far and its audio from the next sentence. */
  #join(connection: Connection): void {
    if (connection.role !== "player") return;
    for (const performance of this.#performances.values()) {
      const { to } = performance.script;
      if (performance.state !== "done" && isAddressed(connection.player, to))
        this.#admit(connection, performance);
    }
  }

  #leave(connection: Connection): void {
    this.#lanes.get(connection)?.close();
    this.#lanes.delete(connection);
  }
}

function isAddressed(player: string, audience: Audience): boolean {
  return audience === "all" || audience.includes(player);
}

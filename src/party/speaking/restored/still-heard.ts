import type { QueuedUtterance } from "../../../core/protocol/api.ts";
import type { HeardMessage } from "../../../core/protocol/v2.ts";
import { postLogged } from "../../fan-out/message-log.ts";
import { type Connection, isV2 } from "../../transport/connection.ts";
import type { ConnectionManager } from "../../transport/connection-manager.ts";
import { brokenOff, type UtteranceJournal } from "../utterance-journal.ts";
import { RestoredLine, type RestoredText } from "./restored-line.ts";
import { HeldSound } from "./restored-playback.ts";

/** ms that listeners have to come back after a restart, or a lost connection, and tell what they hear. */
const COME_BACK_MS = 15_000;
/** ms of sound that a client may have, whatever it says; and nobody hears anything of these lines for longer. */
const MAX_HELD_MS = 150_000;

/** What is known of the table. */
export interface StillHeardOptions {
  connections: Pick<ConnectionManager, "connectionsOf">;
  journal: UtteranceJournal;
  /** Whether somebody may hear a line. */
  isFor: (connection: Connection, text: RestoredText) => boolean;
}

/**
 * Lines that were being said or heard when the process before ended. Listeners play on what they have of them: takes what
 * they tell of that, until it is known what became of each line.
 */
export class StillHeard {
  readonly #lines = new Map<string, RestoredLine>();
  readonly #options: StillHeardOptions;
  readonly #held = new WeakMap<Connection, HeldSound>();
  readonly #since = performance.now();
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: readonly RestoredText[], options: StillHeardOptions) {
    this.#options = options;
    const { journal } = options;
    for (const text of texts) {
      const { id } = text.kept.begin;
      if (!journal.cutShort.includes(text.kept)) continue;
      const onOver: ConstructorParameters<typeof RestoredLine>[1] = (over) => {
        this.#lines.delete(id);
        // That it broke off is known already.
        const isNews = !text.kept.over || over.state === "cancelled" || over.report.players.length > 0;
        if (isNews) journal.over(over);
      };
      this.#lines.set(id, new RestoredLine(text, onOver));
    }
    // Of what is too old to be told nobody tells anything.
    for (const { begin, texts: told, over } of journal.cutShort)
      if (!over && !this.#lines.has(begin.id)) journal.over(brokenOff(begin, told.length));
    const left = [...this.#lines.values()].map((line) => line.leftMs(this.#ageOf(line)));
    if (left.length > 0) this.#deadline = setTimeout(() => this.#due(), Math.max(COME_BACK_MS, ...left));
  }

  /** Those that are heard as far as is known, oldest first. */
  get lines(): readonly QueuedUtterance[] {
    return [...this.#lines.values()].flatMap(({ status }) => status ?? []);
  }

  /** Takes a listener's report. @returns whether it is about one of these lines */
  heard(connection: Connection, report: HeardMessage): boolean {
    const line = this.#lines.get(report.utterance);
    if (!line || !this.#options.isFor(connection, line.text)) return false;
    const leftMs = Math.min(report.leftMs ?? 0, MAX_HELD_MS);
    line.heard(connection, this.#heldBy(connection), { ...report, leftMs });
    return true;
  }

  /** A connection has opened, or ended. */
  changed(connection: Connection, change: "opened" | "ended"): void {
    for (const line of this.#lines.values()) {
      if (change === "ended") line.left(connection, COME_BACK_MS);
      else if (!isV2(connection) && this.#options.isFor(connection, line.text))
        line.backOnDm20(connection, this.#heldBy(connection), this.#ageOf(line));
    }
  }

  /** @returns whether it is one of these lines */
  cancel(id: string): boolean {
    const line = this.#lines.get(id);
    if (!line) return false;
    const { messages, to } = line.text;
    const told = messages.cancel("cancelled");
    for (const connection of this.#options.connections.connectionsOf(to)) {
      if (!isV2(connection) || !this.#options.isFor(connection, line.text)) continue;
      postLogged(connection, told);
      this.#heldBy(connection).hold(0, { priority: 0 });
    }
    line.end(true);
    return true;
  }

  /** The process ends: what is still being heard the next one may know. */
  close(): void {
    clearTimeout(this.#deadline);
    for (const line of this.#lines.values()) {
      if (line.status) line.leave();
      else line.end();
    }
  }

  #due(): void {
    for (const line of this.#lines.values()) line.due();
    const end = (): void => {
      for (const line of this.#lines.values()) line.end();
    };
    if (this.#lines.size > 0) this.#deadline = setTimeout(end, MAX_HELD_MS);
  }

  /** ms since it was last known how much of the line was left. */
  #ageOf({ text }: RestoredLine): number {
    const { made } = text.kept;
    return made ? this.#options.journal.ageOf(made) : performance.now() - this.#since;
  }

  #heldBy(connection: Connection): HeldSound {
    const held = this.#held.get(connection) ?? new HeldSound(connection);
    this.#held.set(connection, held);
    return held;
  }
}

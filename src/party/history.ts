import type { Performance } from "./performance.ts";

export interface HistoryLimits {
  /** ms for which a line is kept after it is over. */
  keepMs: number;
  /** Bytes of speech that lines which are over may keep; beyond it the oldest are forgotten. */
  historyBytes: number;
}

/** Lines that are over, kept for those who lost their connection and come back. */
export class History {
  readonly #limits: HistoryLimits;
  #kept: { line: Performance; endedAt: number }[] = [];
  /** The last number that was forgotten, of lines to each player and to all. */
  readonly #forgotten = new Map<string, number>();

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** Oldest first. */
  get lines(): readonly Performance[] {
    this.#forget();
    return this.#kept.map(({ line }) => line);
  }

  add(line: Performance): void {
    this.#kept.push({ line, endedAt: performance.now() });
    this.#forget();
  }

  /** Whether everything that was said to a player after `offset` is still known. */
  covers(player: string, offset: number): boolean {
    this.#forget();
    const forgotten = Math.max(this.#forgotten.get("all") ?? 0, this.#forgotten.get(player) ?? 0);
    return forgotten <= offset;
  }

  #forget(): void {
    const before = performance.now() - this.#limits.keepMs;
    let bytes = this.#kept.reduce((sum, { line }) => sum + line.keptBytes, 0);
    while (this.#kept[0] && (this.#kept[0].endedAt < before || bytes > this.#limits.historyBytes)) {
      const { line } = this.#kept[0];
      this.#kept.shift();
      bytes -= line.keptBytes;
      const { to } = line.script;
      for (const name of to === "all" ? [to] : to) this.#forgotten.set(name, line.record.lastOffset);
    }
  }
}

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
  #kept: { line: Performance; endedAt: number; bytes: number }[] = [];
  #bytes = 0;
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
    const bytes = line.keptBytes;
    this.#kept.push({ line, endedAt: performance.now(), bytes });
    this.#bytes += bytes;
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
    for (let oldest = this.#kept[0]; oldest; oldest = this.#kept[0]) {
      const { line, endedAt, bytes } = oldest;
      if (endedAt >= before && this.#bytes <= this.#limits.historyBytes) break;
      this.#kept.shift();
      this.#bytes -= bytes;
      this.#noteForgotten(line);
    }
  }

  /** Lines do not end in the order in which they begin. */
  #noteForgotten({ script: { to }, record: { lastOffset } }: Performance): void {
    for (const name of to === "all" ? [to] : to) {
      this.#forgotten.set(name, Math.max(this.#forgotten.get(name) ?? 0, lastOffset));
    }
  }
}

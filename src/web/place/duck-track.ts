import { Timeline } from "../../core/clock/timeline.ts";

/** From a line's first sample on beds go down within this: a device that is told late has no time before it. */
const DOWN_MS = 20;
/** They come back in so long. */
const BACK_MS = 900;
/** Lines that are remembered; they are long over then. */
const MAX_LINES = 32;

interface Spoken {
  timeline: Timeline;
  /** ms of the line; infinite while it is not known. */
  length: number;
  priority: number;
  /** The line that has interrupted it, until it is known when it goes on. */
  brokenBy: string | undefined;
}

/**
 * When the lines are heard that are heard here, and how far beds are down for them: the same on every device that hears a
 * line, and known before it sounds. Times are ms on the server's clock.
 */
export class DuckTrack {
  readonly #lines = new Map<string, Spoken>();

  /** A line comes; `startAt`: it is known when. @param how `interrupts`: those of the same or lower priority fall silent for it */
  begin(
    utterance: string,
    startAt: number | undefined,
    { priority = 0, interrupts = false }: { priority?: number; interrupts?: boolean } = {},
  ): void {
    if (interrupts)
      for (const other of this.#lines.values()) if (other.priority <= priority) other.brokenBy ??= utterance;
    const line = this.#lines.get(utterance) ?? {
      timeline: new Timeline(),
      length: Infinity,
      priority,
      brokenBy: undefined,
    };
    if (startAt !== undefined) line.timeline.move(0, startAt);
    this.#lines.delete(utterance);
    this.#lines.set(utterance, line);
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > MAX_LINES && oldest !== undefined) this.#lines.delete(oldest);
  }

  /** Whether it is known when a line is heard. */
  isTimed(utterance: string): boolean {
    return this.#lines.get(utterance)?.timeline.isSet ?? false;
  }

  /** From a place on it is heard from that time on. @returns since when something may be another than before */
  move(utterance: string, fromMs: number, startAt: number): number | undefined {
    const line = this.#lines.get(utterance);
    if (!line) return undefined;
    const before = line.timeline.timeOf(fromMs) ?? Infinity;
    line.timeline.move(fromMs, startAt);
    line.brokenBy = undefined;
    return Math.min(before, startAt);
  }

  /** Nothing of it is heard after that place. @returns as `move` */
  end(utterance: string, ms: number): number | undefined {
    const line = this.#lines.get(utterance);
    if (!line) return undefined;
    line.length = Math.min(line.length, ms);
    return line.timeline.timeOf(line.length);
  }

  /** Nothing is known of it any more. */
  forget(utterance: string): void {
    this.#lines.delete(utterance);
  }

  /** When a place of a line is heard; undefined where that is not known, or never. */
  timeOf(utterance: string, ms: number): number | undefined {
    const line = this.#lines.get(utterance);
    if (!line || ms > line.length || line.length === 0) return undefined;
    const time = line.timeline.timeOf(ms);
    const brokenAt = line.brokenBy && this.#lines.get(line.brokenBy)?.timeline.startAt;
    return time !== undefined && time >= (brokenAt || Infinity) ? undefined : time;
  }

  /** Whether anything is known of a line. */
  has(utterance: string): boolean {
    return this.#lines.has(utterance);
  }

  /** How far beds are down at that time: 0 not at all, 1 wholly. */
  depthAt(time: number): number {
    let depth = 0;
    for (const { timeline, length } of this.#lines.values()) {
      const { startAt } = timeline;
      if (startAt === undefined || time <= startAt) continue;
      const endAt = length === Infinity ? Infinity : (timeline.timeOf(length) ?? Infinity);
      if (endAt <= startAt) continue;
      const down = Math.min(1, (time - startAt) / DOWN_MS);
      const back = time <= endAt ? 1 : Math.max(0, 1 - (time - endAt) / BACK_MS);
      depth = Math.max(depth, Math.min(down, back));
    }
    // Without a corner where it begins and ends.
    return depth * depth * (3 - 2 * depth);
  }
}

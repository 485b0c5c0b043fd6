import type { SpeechBeginMessage } from "../core/v2.ts";
import type { LineTrack } from "./line-track.ts";

/** Whether the turn of one that is announced comes before another's that was announced earlier. */
function comesBefore(line: SpeechBeginMessage, other: SpeechBeginMessage): boolean {
  if (line.priority !== other.priority) return line.priority > other.priority;
  return line.interrupt === true && other.interrupt !== true;
}

/** Lines that may be waiting or sounding; the last ones to sound go first. */
export const MAX_TRACKS = 256;

/**
 * Lines in the order in which they sound: first those of which something came, as it came, except that an
 * interrupter goes before the lines whose priority is not higher; then those that are only announced, as the server
 * will take them on.
 */
export class Playlist {
  #tracks: LineTrack[] = [];
  #epoch: string | undefined;

  get tracks(): readonly LineTrack[] {
    return this.#tracks;
  }

  get(id: string): LineTrack | undefined {
    return this.#tracks.find((track) => track.id === id);
  }

  /** The times of lines are on the clock of the server that announced them, and void on any other. */
  meet(epoch: string): void {
    if (this.#epoch !== undefined && epoch !== this.#epoch) {
      for (const track of this.#tracks) track.isOutOfStep = true;
    }
    this.#epoch = epoch;
  }

  /** A line is announced; returns the one that had to go for it. */
  add(track: LineTrack): LineTrack | undefined {
    const at = this.#tracks.findIndex(
      ({ hasStarted, begin }) => !hasStarted && comesBefore(track.begin, begin),
    );
    this.#tracks.splice(at < 0 ? this.#tracks.length : at, 0, track);
    return this.#tracks.length > MAX_TRACKS ? this.#tracks.pop() : undefined;
  }

  /** The first of its sound came. */
  start(track: LineTrack): void {
    this.remove(track);
    track.hasStarted = true;
    const { interrupt, priority } = track.begin;
    const before = (other: LineTrack): boolean =>
      !other.hasStarted || (interrupt === true && other.begin.priority <= priority);
    const at = this.#tracks.findIndex(before);
    if (at < 0) this.#tracks.push(track);
    else this.#tracks.splice(at, 0, track);
    for (const other of this.after(track)) if (other.hasStarted) other.wasInterrupted = true;
  }

  /** The lines that sound after it. */
  after(track: LineTrack): LineTrack[] {
    return this.#tracks.slice(this.#tracks.indexOf(track) + 1);
  }

  /** Lets the next line that has sound go before it. */
  yieldTurn(track: LineTrack): void {
    const next = this.after(track).find(({ hasFrames }) => hasFrames);
    if (!next) return;
    this.remove(next);
    this.#tracks.splice(this.#tracks.indexOf(track), 0, next);
  }

  remove(track: LineTrack): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }
}

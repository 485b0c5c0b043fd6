import type { SpeechBeginMessage } from "../../core/protocol/v2.ts";
import type { UtterancePlayback } from "./utterance-playback.ts";

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
  #playbacks: UtterancePlayback[] = [];
  #epoch: string | undefined;

  get playbacks(): readonly UtterancePlayback[] {
    return this.#playbacks;
  }

  get(id: string): UtterancePlayback | undefined {
    return this.#playbacks.find((playback) => playback.id === id);
  }

  /** The times of lines are on the clock of the server that announced them, and void on any other. */
  meet(epoch: string): void {
    if (this.#epoch !== undefined && epoch !== this.#epoch) {
      for (const playback of this.#playbacks) playback.isOutOfStep = true;
    }
    this.#epoch = epoch;
  }

  /** A line is announced; returns the one that had to go for it. */
  add(playback: UtterancePlayback): UtterancePlayback | undefined {
    const at = this.#playbacks.findIndex(
      ({ hasStarted, begin }) => !hasStarted && comesBefore(playback.begin, begin),
    );
    this.#playbacks.splice(at < 0 ? this.#playbacks.length : at, 0, playback);
    return this.#playbacks.length > MAX_TRACKS ? this.#playbacks.pop() : undefined;
  }

  /** The first of its sound came. */
  start(playback: UtterancePlayback): void {
    this.remove(playback);
    playback.hasStarted = true;
    const { interrupt, priority } = playback.begin;
    const before = (other: UtterancePlayback): boolean =>
      !other.hasStarted || (interrupt === true && other.begin.priority <= priority);
    const at = this.#playbacks.findIndex(before);
    if (at < 0) this.#playbacks.push(playback);
    else this.#playbacks.splice(at, 0, playback);
    for (const other of this.after(playback)) if (other.hasStarted) other.wasInterrupted = true;
  }

  /** The lines that sound after it. */
  after(playback: UtterancePlayback): UtterancePlayback[] {
    return this.#playbacks.slice(this.#playbacks.indexOf(playback) + 1);
  }

  /** Lets the next line that has sound go before it. */
  yieldTurn(playback: UtterancePlayback): void {
    const next = this.after(playback).find(({ hasFrames }) => hasFrames);
    if (!next) return;
    this.remove(next);
    this.#playbacks.splice(this.#playbacks.indexOf(playback), 0, next);
  }

  remove(playback: UtterancePlayback): void {
    this.#playbacks = this.#playbacks.filter((other) => other !== playback);
  }
}

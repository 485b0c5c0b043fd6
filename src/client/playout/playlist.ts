import type { SpeechBeginMessage } from "../../core/protocol/v2.ts";
import type { UtterancePlayback } from "./utterance-playback.ts";

/** Whether the turn of one that is announced comes before another's that was announced earlier. */
function comesBefore(begin: SpeechBeginMessage, other: SpeechBeginMessage): boolean {
  if (begin.priority !== other.priority) return begin.priority > other.priority;
  return begin.interrupt === true && other.interrupt !== true;
}

/** Whether one that sounds makes way for one whose first sound comes: not where it has interrupted that one itself. */
function makesWay(begin: SpeechBeginMessage, other: SpeechBeginMessage): boolean {
  if (other.interrupt !== true || begin.priority > other.priority) return false;
  const isLater = begin.interrupt === true && begin.offset > other.offset;
  return begin.priority < other.priority || !isLater;
}

/** Utterances that may be waiting or sounding; the last ones to sound go first. */
export const MAX_PLAYBACKS = 256;

/**
 * Utterances in the order in which they sound: first those of which something came, as it came, except that an
 * interrupter goes before those whose priority is not higher; then those that are only announced, as the server
 * will take them on.
 */
export class Playlist {
  readonly #started: UtterancePlayback[] = [];
  readonly #announced: UtterancePlayback[] = [];
  #epoch: string | undefined;

  get playbacks(): readonly UtterancePlayback[] {
    return [...this.#started, ...this.#announced];
  }

  get(id: string): UtterancePlayback | undefined {
    return this.playbacks.find((playback) => playback.id === id);
  }

  /** Whether its place among what sounds is fixed. */
  hasStarted(playback: UtterancePlayback): boolean {
    return this.#started.includes(playback);
  }

  /** The times of utterances are on the clock of the server that announced them, and void on any other. */
  meet(epoch: string): void {
    if (this.#epoch !== undefined && epoch !== this.#epoch) {
      for (const playback of this.playbacks) playback.keepStep(false);
    }
    this.#epoch = epoch;
  }

  /** One is announced; returns the one that had to go for it. */
  add(playback: UtterancePlayback): UtterancePlayback | undefined {
    insert(this.#announced, playback, ({ begin }) => comesBefore(playback.begin, begin));
    const { playbacks } = this;
    if (playbacks.length <= MAX_PLAYBACKS) return undefined;
    const last = playbacks.at(-1) as UtterancePlayback;
    this.remove(last);
    return last;
  }

  /** The first of its sound came. */
  start(playback: UtterancePlayback): void {
    this.remove(playback);
    insert(this.#started, playback, ({ begin }) => makesWay(begin, playback.begin));
    for (const other of this.#started.slice(this.#started.indexOf(playback) + 1)) other.interrupt();
  }

  /** Those that sound after it. */
  after(playback: UtterancePlayback): UtterancePlayback[] {
    const { playbacks } = this;
    return playbacks.slice(playbacks.indexOf(playback) + 1);
  }

  /** Lets the next one that has sound go before it. */
  yieldTurn(playback: UtterancePlayback): void {
    const next = this.after(playback).find(({ hasFrames }) => hasFrames);
    if (!next) return;
    this.remove(next);
    insert(this.#started, next, (other) => other === playback);
  }

  remove(playback: UtterancePlayback): void {
    for (const list of [this.#started, this.#announced]) {
      const at = list.indexOf(playback);
      if (at >= 0) list.splice(at, 1);
    }
  }
}

/** Puts it before the first one of which that is true, or at the end. */
function insert(
  list: UtterancePlayback[],
  playback: UtterancePlayback,
  isBehind: (other: UtterancePlayback) => boolean,
): void {
  const at = list.findIndex(isBehind);
  list.splice(at < 0 ? list.length : at, 0, playback);
}

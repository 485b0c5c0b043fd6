import type { ReadAloud } from "../output/browser-voice.ts";
import type { AudioPart, ReadPart } from "./playback-part.ts";
import type { Playlist } from "./playlist.ts";
import type { SpokenPlace } from "./playout.ts";
import type { PlayoutBuffer } from "./playout-buffer.ts";
import { Reading } from "./reading.ts";
import type { UtterancePlayback } from "./utterance-playback.ts";

/** Sound kept on the sink ahead of the playhead: timers of a page in the background fire once a second at best. */
const HORIZON_MS = 10_000;
/** An utterance whose rest does not come lets others go first. */
const PATIENCE_MS = 5_000;

export interface PlayoutSchedulerOptions {
  playlist: Playlist;
  buffer: PlayoutBuffer;
  readAloud: ReadAloud;
  /** A clock in ms. */
  now: () => number;
  /** How loud it is to be: 0…1, 0 while muted. */
  volume: () => number;
  /** Brings up to date what was heard, before anything is taken off the sink. */
  look: () => void;
  onUndecodable: (utterance: string) => void;
}

/** A sentence without sound that is being read. */
interface CurrentReading {
  playback: UtterancePlayback;
  part: ReadPart;
  text: Reading;
}

/** Decides whose turn it is, and gives out what comes next: sound to the sink, silent sentences to be read. */
export class PlayoutScheduler {
  readonly #options: PlayoutSchedulerOptions;
  #reading: CurrentReading | undefined;
  #isRunning = false;
  #again = false;
  /** Counts the changes after which another utterance may be next. */
  #changes = 0;

  constructor(options: PlayoutSchedulerOptions) {
    this.#options = options;
  }

  /** Nothing may be heard any more: what is being read aloud is only shown. */
  silence(): void {
    this.#reading?.text.silence();
  }

  /** Where the reading is. */
  get place(): SpokenPlace | undefined {
    if (!this.#reading) return undefined;
    const { playback, part, text } = this.#reading;
    return { line: playback.id, sentence: part.sentence, ...text.word };
  }

  /** Goes on giving out parts. @param changed what was to come next may have changed */
  goOn(changed = false): void {
    if (changed) this.#changes += 1;
    this.#again = true;
    if (!this.#isRunning) void this.#run();
  }

  /** Ends a reading that has reached its end. */
  tick(): void {
    if (this.#reading?.text.isOver) this.#endReading(true);
  }

  /** That utterance is over. */
  leave(playback: UtterancePlayback): void {
    if (this.#reading?.playback === playback) this.#endReading(false);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#again) {
      this.#again = false;
      while (await this.#step());
    }
    this.#isRunning = false;
  }

  /** Gives out one part; false where nothing can be given out now. */
  async #step(): Promise<boolean> {
    const { playlist, buffer, look } = this.#options;
    const playback = this.#turn();
    const part = playback?.next;
    if (!playback || !part || this.#reading?.part === part) return false;
    const isDisplacing = playlist.after(playback).some(({ anchor }) => anchor !== undefined);
    if (!isDisplacing && buffer.bufferedMs >= HORIZON_MS) return false;
    if (part.kind === "audio" && !(await this.#hasSound(playback, part))) return true;
    look();
    // In step the interrupted fall silent at the same sample everywhere, also where that is not heard from its beginning.
    const begin = part.kind === "audio" ? buffer.beginOf(playback, part.pts) : undefined;
    buffer.takeBack(playlist.after(playback), begin);
    if (this.#reading) this.#endReading(false);
    if (part.kind === "read") return this.#read(playback, part);
    buffer.place(playback, part);
    playback.advance();
    return true;
  }

  #turn(): UtterancePlayback | undefined {
    for (const playback of this.#options.playlist.playbacks) {
      if (playback.next) return playback;
      if (playback.isOver) continue;
      if (!this.#isPassedBy(playback)) return undefined;
      return this.#turn();
    }
    return undefined;
  }

  /** Whether others stop waiting for what may still come of the utterance. */
  #isPassedBy(playback: UtterancePlayback): boolean {
    const { playlist, now } = this.#options;
    const isOvertaken = playlist.after(playback).some(({ lastFrame }) => lastFrame > playback.lastFrame);
    if (!playlist.hasStarted(playback) || !isOvertaken) return false;
    if (playback.dryMs(now()) < PATIENCE_MS) return false;
    // Only an interruption, or a connection that was lost, lets frames of another come before its last.
    if (playback.wasInterrupted) playlist.yieldTurn(playback);
    else playback.close();
    return true;
  }

  /** Decodes the part where it is to be heard; false where it may not be next any more. */
  async #hasSound(playback: UtterancePlayback, part: AudioPart): Promise<boolean> {
    const { buffer, onUndecodable } = this.#options;
    if (!buffer.isLoud || part.samples || playback.isUndecodable) return true;
    const changes = this.#changes;
    if (!(await playback.decode(part))) onUndecodable(playback.id);
    return changes === this.#changes;
  }

  /** Reads a sentence once everything before it has been heard. */
  #read(playback: UtterancePlayback, part: ReadPart): boolean {
    const { buffer, readAloud, volume, now } = this.#options;
    if (buffer.bufferedMs > 0) return false;
    const isHeard = part.mode === "browser-voice" && buffer.isLoud && volume() > 0;
    const { language, speed, pitch } = playback.begin;
    const text = new Reading({
      text: playback.transcript.textOf(part.sentence) ?? "",
      manner: { language, speed, pitch, volume: volume() },
      readAloud: isHeard ? readAloud : undefined,
      now,
    });
    this.#reading = { playback, part, text };
    playback.heard.beginReading(part);
    playback.unplace();
    return false;
  }

  #endReading(isDone: boolean): void {
    if (!this.#reading) return;
    const { playback, part, text } = this.#reading;
    this.#reading = undefined;
    text.stop();
    playback.heard.endReading(part, isDone, text.wasHeard);
    if (!isDone) return;
    playback.advance();
    this.goOn(true);
  }
}

import type { ReadAloud } from "./browser-voice.ts";
import type { AudioPart, ReadPart } from "./line-part.ts";
import type { LinePlace } from "./line-player-options.ts";
import type { LineTrack } from "./line-track.ts";
import type { Performer } from "./performer.ts";
import type { Playlist } from "./playlist.ts";
import { Reading } from "./reading.ts";

/** Sound kept on the stage ahead of the ear: timers of a page in the background fire once a second at best. */
const HORIZON_MS = 10_000;
/** A line whose rest does not come lets others go first. */
const PATIENCE_MS = 5_000;

export interface PrompterOptions {
  playlist: Playlist;
  performer: Performer;
  readAloud: ReadAloud;
  /** A clock in ms. */
  now: () => number;
  /** How loud it is to be: 0…1, 0 while muted. */
  volume: () => number;
  /** Brings up to date what was heard, before anything is taken off the stage. */
  look: () => void;
  onUndecodable: (line: string) => void;
}

/** A sentence without sound that is being read. */
export interface CurrentReading {
  track: LineTrack;
  part: ReadPart;
  text: Reading;
}

/** Decides whose turn it is, and gives out what comes next: sound to the stage, silent sentences to be read. */
export class Prompter {
  readonly #options: PrompterOptions;
  #reading: CurrentReading | undefined;
  #isRunning = false;
  #again = false;
  /** Counts what may have changed whose turn it is. */
  #changes = 0;

  constructor(options: PrompterOptions) {
    this.#options = options;
  }

  get reading(): CurrentReading | undefined {
    return this.#reading;
  }

  /** Where the reading is. */
  get place(): LinePlace | undefined {
    if (!this.#reading) return undefined;
    const { track, part, text } = this.#reading;
    return { line: track.id, sentence: part.sentence, ...text.word };
  }

  /** Goes on; `changed`: what was to come next may not be next any more. */
  goOn(changed = false): void {
    if (changed) this.#changes += 1;
    this.#again = true;
    if (!this.#isRunning) void this.#run();
  }

  /** Ends a reading that has reached its end. */
  tick(): void {
    if (this.#reading?.text.isOver) this.#endReading(true);
  }

  /** Nothing more of that line is wanted. */
  leave(track: LineTrack): void {
    if (this.#reading?.track === track) this.#endReading(false);
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
    const { playlist, performer, look } = this.#options;
    const track = this.#turn();
    const part = track?.next;
    if (!track || !part || this.#reading?.part === part) return false;
    const isDisplacing = playlist.after(track).some(({ anchor }) => anchor !== undefined);
    if (!isDisplacing && performer.leadMs >= HORIZON_MS) return false;
    if (part.kind === "audio" && !(await this.#hasSound(track, part))) return true;
    look();
    // In step the interrupted fall silent at the same sample everywhere, also where that is not heard from its beginning.
    const begin = part.kind === "audio" ? performer.beginOf(track, part.pts) : undefined;
    performer.takeBack(playlist.after(track), begin);
    if (this.#reading) this.#endReading(false);
    if (part.kind === "read") return this.#read(track, part);
    performer.place(track, part);
    track.advance();
    return true;
  }

  #turn(): LineTrack | undefined {
    for (const track of this.#options.playlist.tracks) {
      if (track.next) return track;
      if (track.isOver) continue;
      if (!this.#isPassedBy(track)) return undefined;
      return this.#turn();
    }
    return undefined;
  }

  /** Whether others need not wait for what may still come of the line. */
  #isPassedBy(track: LineTrack): boolean {
    const { playlist, now } = this.#options;
    const isOvertaken = playlist.after(track).some(({ lastFrame }) => lastFrame > track.lastFrame);
    if (!track.hasStarted || !isOvertaken) return false;
    track.drySince ??= now();
    if (now() - track.drySince < PATIENCE_MS) return false;
    // Only an interruption, or a connection that was lost, lets frames of another line come before its last.
    if (track.wasInterrupted) playlist.yieldTurn(track);
    else track.close();
    return true;
  }

  /** Decodes the part where it is to be heard; false where it may not be next any more. */
  async #hasSound(track: LineTrack, part: AudioPart): Promise<boolean> {
    const { performer, onUndecodable } = this.#options;
    if (!performer.isLoud || part.samples || track.isUndecodable) return true;
    const changes = this.#changes;
    try {
      await track.decode(part);
    } catch {
      track.isUndecodable = true;
      onUndecodable(track.id);
    }
    return changes === this.#changes;
  }

  /** Reads a sentence once everything before it has been heard. */
  #read(track: LineTrack, part: ReadPart): boolean {
    const { performer, readAloud, volume, now } = this.#options;
    if (performer.leadMs > 0) return false;
    const isHeard = part.mode === "browser-voice" && performer.isLoud && volume() > 0;
    const { language, speed, pitch } = track.begin;
    const text = new Reading({
      text: track.texts.text(part.sentence) ?? "",
      manner: { language, speed, pitch, volume: volume() },
      readAloud: isHeard ? readAloud : undefined,
      now,
    });
    this.#reading = { track, part, text };
    track.heard.read(part, false);
    track.anchor = undefined;
    return false;
  }

  #endReading(isDone: boolean): void {
    if (!this.#reading) return;
    const { track, part, text } = this.#reading;
    this.#reading = undefined;
    text.stop();
    track.heard.hasVoice ||= text.wasHeard;
    if (!isDone) return;
    track.heard.read(part, true);
    track.advance();
    this.goOn(true);
  }
}

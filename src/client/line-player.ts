import {
  type SpeechBeginMessage,
  type SpeechCancelMessage,
  type SpeechFallbackMessage,
  type SpeechMoveMessage,
  type SpeechTextMessage,
  V2_SAMPLE_RATE,
} from "../core/v2.ts";
import { HeardReporter } from "./heard-reporter.ts";
import type { LineSound } from "./line-output.ts";
import type { LinePlace, LinePlayerOptions } from "./line-player-options.ts";
import { LineTrack } from "./line-track.ts";
import { preload } from "./opus.ts";
import { Performer } from "./performer.ts";
import { Playlist } from "./playlist.ts";
import { Prompter } from "./prompter.ts";
import type { Stage } from "./stage.ts";
import type { StepState } from "./step-state.ts";
import type { LineFrame } from "./table-events.ts";

/** Lets the lines of the v2 wire sound, one after another, as their messages and frames come. */
export class LinePlayer {
  readonly #options: LinePlayerOptions;
  readonly #performer: Performer;
  readonly #prompter: Prompter;
  readonly #reporter: HeardReporter;
  readonly #playlist = new Playlist();
  #sound: LineSound | undefined;
  #stage: Stage;
  #frames = 0;
  #spoken: LinePlace | undefined;

  constructor(options: LinePlayerOptions) {
    this.#options = options;
    const { now, volume } = options;
    this.#stage = options.silence;
    this.#performer = new Performer(options.silence);
    this.#reporter = new HeardReporter({ ...options, performer: this.#performer, step: () => this.step });
    this.#prompter = new Prompter({
      playlist: this.#playlist,
      performer: this.#performer,
      readAloud: options.readAloud,
      now,
      volume,
      look: () => {
        this.#listen();
        this.#finish();
      },
      onUndecodable: (line) => options.onDropped(line, "undecodable"),
    });
  }

  /** Whether there is anything to look after. */
  get isBusy(): boolean {
    return this.#playlist.tracks.length > 0;
  }

  /** What is being said now; while nothing can be heard, what would be. */
  get spoken(): LinePlace | undefined {
    return this.#spoken;
  }

  /** ms of sound that are held back at a start. */
  get cushionMs(): number {
    return this.#performer.cushionMs;
  }

  /** How well step is kept. */
  get step(): StepState | undefined {
    return this.#stage === this.#sound?.inStep ? this.#sound.step : undefined;
  }

  /** A server of that epoch: what another one said of times is void, and its lines are heard as soon as they can. */
  meet(epoch: string): void {
    this.#playlist.meet(epoch);
  }

  begin(message: SpeechBeginMessage): void {
    const known = this.#playlist.get(message.utterance);
    if (known) {
      known.renew(message);
      return;
    }
    const gone = this.#playlist.add(new LineTrack(message, this.#options.createOpus));
    if (gone) this.#drop(gone);
  }

  sentence(message: SpeechTextMessage): void {
    this.#playlist.get(message.utterance)?.texts.add(message);
  }

  /** From a place on the line is heard at another time than was said before. */
  move({ utterance, fromMs, startAt }: SpeechMoveMessage): void {
    const track = this.#playlist.get(utterance);
    if (!track) return;
    this.#listen();
    track.timeline.move(fromMs, startAt);
    this.#performer.retime(track, Math.round((fromMs * V2_SAMPLE_RATE) / 1000));
    this.#prompter.goOn(true);
  }

  frame(frame: LineFrame): void {
    const track = this.#playlist.get(frame.utterance);
    if (!track) return;
    const queued = this.#playlist.tracks.reduce((sum, { length }) => sum + length, 0);
    if (queued * 1000 > this.#options.maxQueuedMs * V2_SAMPLE_RATE) {
      this.#options.onDropped(track.id, "full");
      return;
    }
    track.lastFrame = ++this.#frames;
    track.add(frame, this.#options.now());
    this.#goOn(track);
  }

  fallback(message: SpeechFallbackMessage): void {
    const track = this.#playlist.get(message.utterance);
    track?.addFallback(message);
    if (track) this.#goOn(track);
  }

  /** Drops what is not heard yet after `atMs` of the line; at 0 ms the line falls silent now. */
  cancel({ utterance, atMs }: SpeechCancelMessage): void {
    const track = this.#playlist.get(utterance);
    if (!track) return;
    if (atMs === 0) {
      this.#drop(track);
      return;
    }
    const pts = Math.round((atMs * V2_SAMPLE_RATE) / 1000);
    track.cutAt(pts);
    this.#start(track);
    this.#performer.cut(track, pts);
    this.#prompter.goOn(true);
  }

  /** No frame of that line follows; what came is played out. */
  end({ utterance }: { utterance: string }): void {
    const track = this.#playlist.get(utterance);
    track?.close();
    if (track) this.#goOn(track);
  }

  /** Goes on to the next line. */
  skip(): void {
    const [track] = this.#playlist.tracks;
    if (track) this.#drop(track);
  }

  /** Falls silent within 10 ms and forgets every line that has begun. */
  stop(): void {
    for (const track of [...this.#playlist.tracks].reverse()) this.#drop(track);
  }

  /**
   * Goes on where it can be heard, or unheard: in step at once where the table is, else from the beginning of
   * the sentence that is being heard.
   */
  moveTo(sound: LineSound | undefined): void {
    if (sound) preload(this.#options.createOpus);
    this.#sound = sound;
    this.#chooseStage();
  }

  /** Louder, softer or muted: what has fallen silent is only read. */
  volumeChanged(): void {
    if (!this.#isAudible) this.#prompter.reading?.text.silence();
  }

  /** Looks what has been heard, and does what is due. Wants to be called 20 times a second while busy. */
  tick(): void {
    this.#chooseStage();
    for (const track of this.#playlist.tracks) {
      track.settle(this.#options.now());
      this.#start(track);
    }
    const heard = this.#listen();
    this.#prompter.tick();
    this.#finish();
    const place = heard?.track.texts.at((heard.pts * 1000) / V2_SAMPLE_RATE);
    this.#spoken = this.#prompter.place ?? (heard && { line: heard.track.id, ...place });
    const [current] = this.#playlist.tracks;
    if (current) this.#reporter.tick(current);
    this.#prompter.goOn();
  }

  get #isAudible(): boolean {
    return this.#performer.isLoud && this.#options.volume() > 0;
  }

  #chooseStage(): void {
    const stage = this.#sound?.inStep ?? this.#sound?.stage ?? this.#options.silence;
    if (stage === this.#stage) return;
    this.#listen();
    this.#stage = stage;
    this.#performer.moveTo(stage, this.#playlist.tracks);
    this.volumeChanged();
    this.#prompter.goOn(true);
  }

  #listen(): { track: LineTrack; pts: number } | undefined {
    const heard = this.#performer.listen(this.#isAudible);
    heard?.track.prune();
    return heard;
  }

  #goOn(track: LineTrack): void {
    this.#start(track);
    this.#prompter.goOn();
  }

  /** Fixes a line's place as soon as something of it came. */
  #start(track: LineTrack): void {
    if (track.hasStarted || !(track.hasFrames || (track.begin.interrupt && track.next))) return;
    this.#playlist.start(track);
    this.#prompter.goOn(true);
  }

  #drop(track: LineTrack): void {
    this.#listen();
    this.#performer.drop(track);
    this.#end(track, true);
    this.#prompter.goOn(true);
  }

  /** Takes out the lines of which nothing is left to be heard. */
  #finish(): void {
    for (const track of this.#playlist.tracks) {
      if (!track.isOver || track.next || this.#performer.holds(track)) return;
      this.#end(track, false);
    }
  }

  #end(track: LineTrack, wasTaken: boolean): void {
    this.#prompter.leave(track);
    this.#playlist.remove(track);
    this.#reporter.ended(track, wasTaken);
    track.free();
  }
}

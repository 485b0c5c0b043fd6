import {
  type SpeechBeginMessage,
  type SpeechCancelMessage,
  type SpeechFallbackMessage,
  type SpeechMoveMessage,
  type SpeechTextMessage,
  V2_SAMPLE_RATE,
} from "../../core/protocol/v2.ts";
import type { AudioSink } from "../output/audio-sink.ts";
import type { LineOutput } from "../output/line-output.ts";
import type { StepState } from "../output/step-state.ts";
import type { LineFrame } from "../session/table-events.ts";
import { HeardReporter } from "./heard-reporter.ts";
import { preload } from "./opus.ts";
import { Playlist } from "./playlist.ts";
import { PlayoutBuffer } from "./playout-buffer.ts";
import { PlayoutScheduler } from "./playout-scheduler.ts";
import { UtterancePlayback } from "./utterance-playback.ts";
import type { LinePlace, UtterancePlayerOptions } from "./utterance-player-options.ts";

/** Lets the lines of the v2 wire sound, one after another, as their messages and frames come. */
export class UtterancePlayer {
  readonly #options: UtterancePlayerOptions;
  readonly #buffer: PlayoutBuffer;
  readonly #scheduler: PlayoutScheduler;
  readonly #reporter: HeardReporter;
  readonly #playlist = new Playlist();
  #sound: LineOutput | undefined;
  #sink: AudioSink;
  #frames = 0;
  #spoken: LinePlace | undefined;

  constructor(options: UtterancePlayerOptions) {
    this.#options = options;
    const { now, volume } = options;
    this.#sink = options.silence;
    this.#buffer = new PlayoutBuffer(options.silence);
    this.#reporter = new HeardReporter({ ...options, buffer: this.#buffer, step: () => this.step });
    this.#scheduler = new PlayoutScheduler({
      playlist: this.#playlist,
      buffer: this.#buffer,
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
    return this.#playlist.playbacks.length > 0;
  }

  /** What is being said now; while nothing can be heard, what would be. */
  get spoken(): LinePlace | undefined {
    return this.#spoken;
  }

  /** ms of sound that are held back at a start. */
  get cushionMs(): number {
    return this.#buffer.cushionMs;
  }

  /** How well step is kept. */
  get step(): StepState | undefined {
    return this.#sink === this.#sound?.inStep ? this.#sound.step : undefined;
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
    const gone = this.#playlist.add(new UtterancePlayback(message, this.#options.createOpus));
    if (gone) this.#drop(gone);
  }

  sentence(message: SpeechTextMessage): void {
    this.#playlist.get(message.utterance)?.texts.add(message);
  }

  /** From a place on the line is heard at another time than was said before. */
  move({ utterance, fromMs, startAt }: SpeechMoveMessage): void {
    const playback = this.#playlist.get(utterance);
    if (!playback) return;
    this.#listen();
    playback.timeline.move(fromMs, startAt);
    this.#buffer.retime(playback, Math.round((fromMs * V2_SAMPLE_RATE) / 1000));
    this.#scheduler.goOn(true);
  }

  frame(frame: LineFrame): void {
    const playback = this.#playlist.get(frame.utterance);
    if (!playback) return;
    const queued = this.#playlist.playbacks.reduce((sum, { length }) => sum + length, 0);
    if (queued * 1000 > this.#options.maxQueuedMs * V2_SAMPLE_RATE) {
      this.#options.onDropped(playback.id, "full");
      return;
    }
    playback.lastFrame = ++this.#frames;
    playback.add(frame, this.#options.now());
    this.#goOn(playback);
  }

  fallback(message: SpeechFallbackMessage): void {
    const playback = this.#playlist.get(message.utterance);
    playback?.addFallback(message);
    if (playback) this.#goOn(playback);
  }

  /** Drops what is not heard yet after `atMs` of the line; at 0 ms the line falls silent now. */
  cancel({ utterance, atMs }: SpeechCancelMessage): void {
    const playback = this.#playlist.get(utterance);
    if (!playback) return;
    if (atMs === 0) {
      this.#drop(playback);
      return;
    }
    const pts = Math.round((atMs * V2_SAMPLE_RATE) / 1000);
    playback.cutAt(pts);
    this.#start(playback);
    this.#buffer.cut(playback, pts);
    this.#scheduler.goOn(true);
  }

  /** No frame of that line follows; what came is played out. */
  end({ utterance }: { utterance: string }): void {
    const playback = this.#playlist.get(utterance);
    playback?.close();
    if (playback) this.#goOn(playback);
  }

  /** Goes on to the next line. */
  skip(): void {
    const [playback] = this.#playlist.playbacks;
    if (playback) this.#drop(playback);
  }

  /** Falls silent within 10 ms and forgets every line that has begun. */
  stop(): void {
    for (const playback of [...this.#playlist.playbacks].reverse()) this.#drop(playback);
  }

  /**
   * Goes on where it can be heard, or unheard: in step at once where the table is, else from the beginning of
   * the sentence that is being heard.
   */
  moveTo(sound: LineOutput | undefined): void {
    if (sound) preload(this.#options.createOpus);
    this.#sound = sound;
    this.#chooseStage();
  }

  /** Louder, softer or muted: what has fallen silent is only read. */
  volumeChanged(): void {
    if (!this.#isAudible) this.#scheduler.reading?.text.silence();
  }

  /** Looks what has been heard, and does what is due. Wants to be called 20 times a second while busy. */
  tick(): void {
    this.#chooseStage();
    for (const playback of this.#playlist.playbacks) {
      playback.settle(this.#options.now());
      this.#start(playback);
    }
    const heard = this.#listen();
    this.#scheduler.tick();
    this.#finish();
    const place = heard?.playback.texts.at((heard.pts * 1000) / V2_SAMPLE_RATE);
    this.#spoken = this.#scheduler.place ?? (heard && { line: heard.playback.id, ...place });
    const [current] = this.#playlist.playbacks;
    if (current) this.#reporter.tick(current);
    this.#scheduler.goOn();
  }

  get #isAudible(): boolean {
    return this.#buffer.isLoud && this.#options.volume() > 0;
  }

  #chooseStage(): void {
    const sink = this.#sound?.inStep ?? this.#sound?.sink ?? this.#options.silence;
    if (sink === this.#sink) return;
    this.#listen();
    this.#sink = sink;
    this.#buffer.moveTo(sink, this.#playlist.playbacks);
    this.volumeChanged();
    this.#scheduler.goOn(true);
  }

  #listen(): { playback: UtterancePlayback; pts: number } | undefined {
    const heard = this.#buffer.listen(this.#isAudible);
    heard?.playback.prune();
    return heard;
  }

  #goOn(playback: UtterancePlayback): void {
    this.#start(playback);
    this.#scheduler.goOn();
  }

  /** Fixes a line's place as soon as something of it came. */
  #start(playback: UtterancePlayback): void {
    if (playback.hasStarted || !(playback.hasFrames || (playback.begin.interrupt && playback.next))) return;
    this.#playlist.start(playback);
    this.#scheduler.goOn(true);
  }

  #drop(playback: UtterancePlayback): void {
    this.#listen();
    this.#buffer.drop(playback);
    this.#end(playback, true);
    this.#scheduler.goOn(true);
  }

  /** Takes out the lines of which nothing is left to be heard. */
  #finish(): void {
    for (const playback of this.#playlist.playbacks) {
      if (!playback.isOver || playback.next || this.#buffer.holds(playback)) return;
      this.#end(playback, false);
    }
  }

  #end(playback: UtterancePlayback, wasTaken: boolean): void {
    this.#scheduler.leave(playback);
    this.#playlist.remove(playback);
    this.#reporter.ended(playback, wasTaken);
    playback.free();
  }
}

import {
  type SpeechBeginMessage,
  type SpeechCancelMessage,
  type SpeechFallbackMessage,
  type SpeechMoveMessage,
  type SpeechTextMessage,
  V2_SAMPLE_RATE,
} from "../../core/protocol/v2.ts";
import type { AudioSink } from "../output/audio-sink.ts";
import type { SpeechOutput } from "../output/speech-output.ts";
import type { StepState, TimedSound } from "../output/step.ts";
import type { Emitter } from "../session/emitter.ts";
import type { PartyEvents } from "../session/party-events.ts";
import type { LineFrame } from "../session/table-events.ts";
import { HeardReporter } from "./heard-reporter.ts";
import { type CreateOpusDecoder, preload } from "./opus.ts";
import { Playlist } from "./playlist.ts";
import type { Playout, PlayoutHost, SpokenPlace } from "./playout.ts";
import { PlayoutBuffer } from "./playout-buffer.ts";
import { PlayoutScheduler } from "./playout-scheduler.ts";
import { samplesOf, UtterancePlayback } from "./utterance-playback.ts";

export interface UtterancePlayerOptions
  extends Pick<PlayoutHost, "volume" | "readAloud" | "onHeard" | "onDropped"> {
  /** Where utterances go by while nothing can be heard. */
  silence: AudioSink;
  /** Sound that may be waiting or sounding; beyond it frames are let go, and their holes concealed. */
  maxQueuedMs: number;
  createOpus: CreateOpusDecoder;
  /** A clock in ms. */
  now: () => number;
}

/** Events of a client that concern one utterance. */
const FOLLOWED = ["begin", "sentence", "move", "frame", "fallback", "cancel", "end"] as const;

/** Plays the utterances of the v2 wire, one after another, as their messages and frames come. */
export class UtterancePlayer implements Playout {
  readonly #options: UtterancePlayerOptions;
  readonly #buffer: PlayoutBuffer;
  readonly #scheduler: PlayoutScheduler;
  readonly #reporter: HeardReporter;
  readonly #playlist = new Playlist();
  #output: SpeechOutput | undefined;
  #trimMs = 0;
  #frames = 0;
  #spoken: SpokenPlace | undefined;

  constructor(options: UtterancePlayerOptions) {
    this.#options = options;
    const { now, volume, readAloud } = options;
    this.#buffer = new PlayoutBuffer(options.silence);
    this.#reporter = new HeardReporter({
      ...options,
      buffer: this.#buffer,
      step: () => this.step,
      leftMs: this.#leftMs,
    });
    this.#scheduler = new PlayoutScheduler({
      playlist: this.#playlist,
      buffer: this.#buffer,
      readAloud,
      now,
      volume,
      look: () => {
        this.#listen();
        this.#finish();
      },
      onUndecodable: (id) => options.onDropped(id, "undecodable"),
    });
  }

  get isBusy(): boolean {
    return this.#playlist.playbacks.length > 0;
  }

  get spoken(): SpokenPlace | undefined {
    return this.#spoken;
  }

  get jitterDelayMs(): number {
    return this.#buffer.jitterDelayMs;
  }

  get step(): StepState | undefined {
    return this.#buffer.sink === this.#output?.inStep ? this.#output.step : undefined;
  }

  /** Plays what a client hears from now on; returns what ends that. @param wake called when there may be something to do */
  follow(client: Pick<Emitter<PartyEvents>, "on">, wake: () => void): () => void {
    const stops = FOLLOWED.map((name) =>
      client.on(name, (event) => {
        // Name and event belong together, which the type of a union cannot say here.
        this[name](event as never);
        wake();
      }),
    );
    stops.push(
      client.on("connected", ({ epoch }) => epoch !== undefined && this.meet(epoch)),
      client.on("forgotten", (event) => this.end(event)),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** The server has that epoch. Times from another one are void: its utterances are heard as soon as possible. */
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
    this.#playlist.get(message.utterance)?.transcript.add(message);
  }

  /** The rest of the utterance, from a place in it, is heard at another time than announced. */
  move({ utterance, fromMs, startAt }: SpeechMoveMessage): void {
    const playback = this.#playlist.get(utterance);
    if (!playback) return;
    this.#listen();
    playback.move(fromMs, startAt);
    this.#buffer.retime(playback, samplesOf(fromMs));
    this.#scheduler.goOn(true);
  }

  frame(frame: LineFrame): void {
    const playback = this.#playlist.get(frame.utterance);
    if (!playback) return;
    if (this.#leftMs() > this.#options.maxQueuedMs) {
      this.#options.onDropped(playback.id, "full");
      return;
    }
    playback.add(frame, this.#options.now(), ++this.#frames);
    this.#goOn(playback);
  }

  fallback(message: SpeechFallbackMessage): void {
    const playback = this.#playlist.get(message.utterance);
    playback?.addFallback(message);
    if (playback) this.#goOn(playback);
  }

  /** Drops everything after `atMs` of the utterance; at 0 ms it falls silent now. */
  cancel({ utterance, atMs }: SpeechCancelMessage): void {
    const playback = this.#playlist.get(utterance);
    if (!playback) return;
    if (atMs === 0) {
      this.#drop(playback);
      return;
    }
    playback.cutAt(samplesOf(atMs));
    this.#start(playback);
    this.#buffer.cut(playback, samplesOf(atMs));
    this.#scheduler.goOn(true);
  }

  /** No frame of that utterance follows; what came is played out. */
  end({ utterance }: { utterance: string }): void {
    const playback = this.#playlist.get(utterance);
    playback?.close();
    if (playback) this.#goOn(playback);
  }

  skip(): void {
    const [playback] = this.#playlist.playbacks;
    if (playback) this.#drop(playback);
  }

  stop(): void {
    for (const playback of [...this.#playlist.playbacks].reverse()) this.#drop(playback);
  }

  /**
   * Goes on where it can be heard, or unheard: in step at once where the table is, else from the beginning of
   * the sentence that is being heard.
   */
  moveTo(output: SpeechOutput | undefined): void {
    if (output) preload(this.#options.createOpus);
    this.#output = output;
    this.trim(this.#trimMs);
    this.#chooseSink();
  }

  trim(ms: number): void {
    this.#trimMs = ms;
    this.#output?.trim?.(ms);
  }

  click(sound?: TimedSound): void {
    this.#output?.click?.(sound);
  }

  volumeChanged(): void {
    if (!this.#isAudible) this.#scheduler.silence();
  }

  tick(): void {
    this.#chooseSink();
    for (const playback of this.#playlist.playbacks) {
      playback.settle(this.#options.now());
      this.#start(playback);
    }
    const heard = this.#listen();
    this.#scheduler.tick();
    this.#finish();
    const place = heard?.playback.transcript.placeAt((heard.pts * 1000) / V2_SAMPLE_RATE);
    this.#spoken = this.#scheduler.place ?? (heard && { line: heard.playback.id, ...place });
    const [current] = this.#playlist.playbacks;
    if (current) this.#reporter.tick(current);
    this.#scheduler.goOn();
  }

  /** ms of sound that are here and still to be heard. */
  readonly #leftMs = (): number =>
    this.#playlist.playbacks.reduce(
      (ms, { waiting }) => ms + (waiting * 1000) / V2_SAMPLE_RATE,
      this.#buffer.bufferedMs,
    );

  get #isAudible(): boolean {
    return this.#buffer.isLoud && this.#options.volume() > 0;
  }

  #chooseSink(): void {
    const sink = this.#output?.inStep ?? this.#output?.sink ?? this.#options.silence;
    if (sink === this.#buffer.sink) return;
    this.#listen();
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

  /** Fixes its place as soon as something of it came. */
  #start(playback: UtterancePlayback): void {
    if (this.#playlist.hasStarted(playback)) return;
    if (!playback.hasFrames && !(playback.begin.interrupt && playback.next)) return;
    this.#playlist.start(playback);
    this.#scheduler.goOn(true);
  }

  #drop(playback: UtterancePlayback): void {
    this.#listen();
    this.#buffer.drop(playback);
    this.#end(playback, true);
    this.#scheduler.goOn(true);
  }

  /** Takes out those of which nothing is left to be heard. */
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

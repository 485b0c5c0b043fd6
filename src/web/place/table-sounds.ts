import { PageLoudspeaker } from "../../client/output/in-step/page-loudspeaker.ts";
import type { LineSource } from "../../client/player-options.ts";
import type { OtherMessage } from "../../client/session/shapes.ts";
import type { SoundBedsMessage, SoundCueMessage, SoundHitMessage } from "../../core/protocol/sounds.ts";
import { builtInBed, builtInHit } from "./built-in-sounds.ts";
import { DuckTrack } from "./duck-track.ts";
import { PageClock } from "./page-clock.ts";
import type { Cue } from "./place-mix.ts";
import { PlacePlayer } from "./place-player.ts";
import { SoundFiles } from "./sound-files.ts";
import { SoundClip, SoundLoop } from "./sound-loop.ts";
import { soundMessageOf } from "./told-sounds.ts";

const TICK_MS = 100;
const GLIDE_SECONDS = 0.02;
/** Hits that wait for the loudspeaker, and sounds in lines that wait for those. */
const MAX_WAITING = 16;

/** How somebody listens, as far as it matters here. */
export interface Listening {
  /** What the speech beside it is heard through, while that runs. */
  context: AudioContext | undefined;
  /** Of the device: 0…1, a factor of amplitude. */
  gain: number;
  trimMs: number;
  /** The line that is being said now. */
  line: string | undefined;
}

export interface TableSoundsOptions {
  client: Pick<LineSource, "on"> & { readonly clockOffsetMs: number | undefined };
  /** Bytes of a file, by its id. */
  fetchFile: (id: string) => Promise<ArrayBuffer>;
  workletUrl: string | URL;
}

type WaitingHit = Pick<SoundHitMessage, "gain"> & { clip: SoundClip; startAt: number | undefined };

/**
 * Plays the sound of the place on one device: beside the speech, on the same audio context, in step with the table by the
 * same means, and as much earlier as the device's trim says.
 */
export class TableSounds {
  readonly #options: TableSoundsOptions;
  readonly #files: SoundFiles;
  readonly #loops = new Map<string, SoundLoop>();
  /** Beds that are being made or fetched. */
  readonly #coming = new Set<string>();
  #duck = new DuckTrack();
  #player: PlacePlayer;
  #clock: PageClock;
  #epoch: string | undefined;
  #listening: Listening = { context: undefined, gain: 0, trimMs: 0, line: undefined };
  /** What it is heard through; one for a context. */
  #output: { context: AudioContext; gain: GainNode } | undefined;
  #loudspeaker: PageLoudspeaker | undefined;
  #waiting: WaitingHit[] = [];
  #cues: Cue[] = [];
  /** Of the last one that was told: after a lost connection some are told again. */
  #cueOffset = -1;
  /** A line of which nothing but its being heard is known. */
  #held: { line: string; since: number } | undefined;

  constructor(options: TableSoundsOptions) {
    this.#options = options;
    this.#files = new SoundFiles(options.fetchFile);
    this.#clock = this.#newClock();
    this.#player = this.#newPlayer();
    this.#followLines();
    setInterval(() => this.#tick(), TICK_MS);
  }

  take(message: OtherMessage): void {
    const told = soundMessageOf(message);
    if (told?.type === "sound.beds") this.#plan(told);
    else if (told?.type === "sound.cue") void this.#cue(told);
    else if (told) void this.#hit(told);
  }

  /** Somebody listens otherwise from now on. */
  listen(listening: Listening): void {
    this.#listening = listening;
    const { context, gain, trimMs, line } = listening;
    if (context !== this.#output?.context) void this.#move(context);
    this.#output?.gain.gain.setTargetAtTime(gain, this.#output.context.currentTime, GLIDE_SECONDS);
    this.#loudspeaker?.trim(trimMs);
    this.#hold(line);
  }

  #followLines(): void {
    const { client } = this.#options;
    client.on("connected", ({ epoch }) => this.#enter(epoch));
    client.on("begin", ({ utterance, startAt, priority, interrupt = false }) => {
      this.#duck.begin(utterance, startAt, { priority, interrupts: interrupt });
      if (startAt !== undefined) this.#player.changed(startAt);
    });
    client.on("move", ({ utterance, fromMs, startAt }) =>
      this.#player.changed(this.#duck.move(utterance, fromMs, startAt)),
    );
    client.on("end", ({ utterance, durationMs }) =>
      this.#player.changed(this.#duck.end(utterance, durationMs)),
    );
    client.on("cancel", ({ utterance, atMs }) => this.#player.changed(this.#duck.end(utterance, atMs)));
    client.on("forgotten", ({ utterance }) => {
      this.#duck.forget(utterance);
      this.#player.changed(0);
    });
  }

  /** Another server has another clock, on which nothing that was told before means anything. */
  #enter(epoch: string | undefined): void {
    const isOther = this.#epoch !== undefined && epoch !== this.#epoch;
    this.#epoch = epoch;
    if (!isOther) return;
    this.#clock = this.#newClock();
    this.#duck = new DuckTrack();
    this.#held = undefined;
    this.#cues = [];
    this.#cueOffset = -1;
    this.#player = this.#newPlayer();
  }

  #newClock(): PageClock {
    return new PageClock(() => this.#options.client.clockOffsetMs);
  }

  #newPlayer(): PlacePlayer {
    return new PlacePlayer({
      sink: () => this.#loudspeaker?.inStep,
      duck: this.#duck,
      loopOf: (sound) => this.#loops.get(sound),
    });
  }

  #plan(message: SoundBedsMessage): void {
    this.#player.plan(message);
    this.#loadBeds();
  }

  /** What is made or fetched joins in where it is by then. */
  #loadBeds(): void {
    const wanted = this.#player.sounds;
    for (const sound of this.#loops.keys()) if (!wanted.includes(sound)) this.#loops.delete(sound);
    for (const sound of wanted)
      if (!this.#loops.has(sound) && !this.#coming.has(sound)) void this.#loadBed(sound);
  }

  async #loadBed(sound: string): Promise<void> {
    this.#coming.add(sound);
    const made = await builtInBed(sound);
    const clip = made ? new SoundClip(made) : await this.#files.load(sound);
    this.#coming.delete(sound);
    if (!clip) return;
    this.#loops.set(sound, new SoundLoop(clip, made !== undefined));
    this.#player.changed(0);
  }

  async #hit({ sound, gain, seed, startAt }: SoundHitMessage): Promise<void> {
    const cameAt = this.#clock.remoteAt(performance.now());
    const clip = await this.#clipOf(sound, seed);
    if (!clip) return;
    this.#waiting = [...this.#waiting, { clip, gain, startAt: startAt ?? cameAt }].slice(-MAX_WAITING);
    this.#playWaiting();
  }

  async #cue({ offset, utterance, atMs, startAt, sound, gain, seed }: SoundCueMessage): Promise<void> {
    if (offset <= this.#cueOffset) return;
    this.#cueOffset = offset;
    // The line may have begun before this was loaded.
    if (!this.#duck.isTimed(utterance)) this.#duck.begin(utterance, startAt);
    const clip = await this.#clipOf(sound, seed);
    if (!clip) return;
    this.#cues = [...this.#cues, { utterance, atMs, clip, gain }].slice(-MAX_WAITING);
    this.#playWaiting();
  }

  async #clipOf(sound: string, seed: number): Promise<SoundClip | undefined> {
    const made = builtInHit(sound, seed);
    return made ? new SoundClip(made) : this.#files.load(sound);
  }

  #playWaiting(): void {
    this.#cues = this.#listening.context
      ? this.#cues.filter((cue) => this.#duck.has(cue.utterance) && !this.#player.cue(cue))
      : [];
    if (this.#listening.context)
      this.#waiting = this.#waiting.filter(
        ({ clip, gain, startAt }) => !this.#player.hit(clip, gain, startAt),
      );
    else this.#waiting = [];
  }

  /** A line of which it is not known when it is heard, as out of step, or which began before this was loaded. */
  #hold(line: string | undefined): void {
    const now = this.#clock.remoteAt(performance.now());
    if (now === undefined || line === this.#held?.line) return;
    if (this.#held) this.#player.changed(this.#duck.end(this.#held.line, now - this.#held.since));
    this.#held = undefined;
    if (line === undefined || this.#duck.isTimed(line)) return;
    this.#held = { line, since: now };
    this.#duck.begin(line, now);
    this.#player.changed(now);
  }

  async #move(context: AudioContext | undefined): Promise<void> {
    this.#loudspeaker?.close();
    this.#loudspeaker = undefined;
    this.#output?.gain.disconnect();
    this.#output = undefined;
    if (!context) return;
    const gain = context.createGain();
    gain.gain.value = this.#listening.gain;
    gain.connect(context.destination);
    const output = { context, gain };
    this.#output = output;
    const table = { clock: this.#clock };
    const loudspeaker = await PageLoudspeaker.open(
      { context, output: gain },
      () => Object.assign(table, { clock: this.#clock }),
      this.#options.workletUrl,
    );
    if (this.#output !== output) loudspeaker.close();
    else this.#loudspeaker = loudspeaker;
    loudspeaker.trim(this.#listening.trimMs);
  }

  #tick(): void {
    this.#loadBeds();
    this.#playWaiting();
    this.#player.tick();
  }
}

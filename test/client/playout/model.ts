import type { HeardReport, LineFrame } from "../../../src/client/index.ts";
import { SilentSink } from "../../../src/client/output/audio-sink.ts";
import type { SpeechOutput } from "../../../src/client/output/speech-output.ts";
import { UtterancePlayer } from "../../../src/client/playout/utterance-player.ts";
import { Timeline } from "../../../src/core/clock/timeline.ts";
import type { Codec } from "../../../src/core/protocol/v2.ts";
import { settle } from "../line-rig.ts";
import type { Device } from "./devices.ts";
import { createMarkedOpus, type MarkedLine, markedLine, samplesOf } from "./marked-line.ts";

/** Between two looks at what is due; a whole number of quanta at 24 kHz. */
const TICK_MS = (4 * 128) / 24;
/** From sending to hearing, in step. */
const LEAD_MS = 360;

/** What happens at a table, one after the other. */
export type Deed =
  | {
      do: "say";
      codec: Codec;
      /** Packets of 20 ms in each sentence. */
      packets: number[];
      /** 0: a line like any other; above: it speaks into those below. */
      rank: number;
      /** Its frames come in so many bursts, so many ms apart. */
      bursts: number;
      gapMs: number;
      /** The first so many sentences were sent before this listener came. */
      missed: number;
    }
  | { do: "pass"; ms: number }
  | { do: "cancel"; line: number; atMs: number }
  | { do: "skip" | "stop" | "silence" | "sound" | "again" | "restart" }
  | { do: "pause"; line: number; ms: number };

/** A line and what became of it. */
export interface Told extends MarkedLine {
  rank: number;
  timeline: Timeline;
  /** Frame of the device from which on nothing of it was to be heard any more. */
  silentFrom: number | undefined;
  /** Samples of it after which nothing was wanted, each from a frame of the device on. */
  cuts: { pts: number; frame: number }[];
  /** The first sample of it that was sent. */
  from: number;
  /** Something of it may not have been heard: it came too late, or while there was no sound. */
  mayLack: boolean;
  /** Places at which it was told to go on elsewhere, each from a frame of the device on. */
  moves: { fromMs: number; startAt: number; frame: number }[];
  /** The server has started anew since, and knows nothing of it. */
  isForgotten: boolean;
  /** Frame of the device at which the first of it came. */
  cameAt: number;
  reports: HeardReport[];
}

interface Sending {
  line: Told;
  rest: LineFrame[];
  perBurst: number;
  gapMs: number;
  dueMs: number;
}

/** A listener's lines on a device, and a server that sends them as a real one does; time passes by hand. */
export class PlayoutModel {
  readonly told: Told[] = [];
  readonly lines: UtterancePlayer;
  /** Frames at which a line was spoken into, or sound came or went. */
  readonly disturbances: number[] = [];
  nowMs = 0;
  readonly #device: Device;
  readonly #isInStep: boolean;
  readonly #waiting: Sending[] = [];
  /** The last of them is sent. */
  readonly #stack: Sending[] = [];
  #sound: SpeechOutput | undefined;

  constructor(makeDevice: (nowMs: () => number) => Device) {
    this.#device = makeDevice(() => this.nowMs);
    this.#isInStep = this.#device.sound.inStep !== undefined;
    this.lines = new UtterancePlayer({
      silence: new SilentSink(() => this.nowMs),
      maxQueuedMs: 120_000,
      createOpus: createMarkedOpus,
      readAloud: () => () => undefined,
      now: () => this.nowMs,
      volume: () => 1,
      onHeard: (report) => this.told.find(({ id }) => id === report.utterance)?.reports.push(report),
      onDropped: () => undefined,
    });
    this.lines.meet("first");
    this.#moveTo(this.#device.sound);
  }

  get device(): Device {
    return this.#device;
  }

  async do(deed: Deed): Promise<void> {
    switch (deed.do) {
      case "say":
        this.#say(deed);
        break;
      case "pass":
        await this.pass(deed.ms);
        break;
      case "cancel":
        this.#cancel(deed.line, deed.atMs);
        break;
      case "pause":
        this.#pause(deed.line, deed.ms);
        break;
      case "skip":
        this.#skip();
        break;
      case "stop":
        for (const line of this.#open) this.#silence(line);
        this.lines.stop();
        break;
      case "silence":
      case "sound":
        this.#moveTo(deed.do === "sound" ? this.#device.sound : undefined);
        break;
      case "again":
        this.#sendAgain();
        break;
      case "restart":
        this.#restart();
    }
    await settle();
  }

  /** Time passes, for the ears and for everyone else. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      this.nowMs += TICK_MS;
      this.#device.advance(TICK_MS);
      this.#send();
      this.lines.tick();
      await settle();
    }
  }

  /** Until all that was said is over, or far longer than that. */
  async finish(): Promise<void> {
    await this.do({ do: "sound" });
    for (let ms = 0; ms < 60_000 && (this.lines.isBusy || this.#stack.length > 0); ms += 500)
      await this.pass(500);
  }

  /** Lines that are not over for the player. */
  get #open(): Told[] {
    return this.told.filter(({ reports }) => !reports.some(({ ended }) => ended));
  }

  get #soonest(): number {
    return this.nowMs + LEAD_MS;
  }

  /** The frame from which on what sounds can be changed. */
  get #sounding(): number {
    return this.#sound?.sink.now ?? this.#device.frontier;
  }

  #moveTo(sound: SpeechOutput | undefined): void {
    if (sound === this.#sound) return;
    this.#sound = sound;
    this.disturbances.push(this.#device.frontier);
    for (const line of this.#open) line.mayLack = true;
    this.lines.moveTo(sound);
  }

  #say({ codec, packets, rank, bursts, gapMs, missed }: Extract<Deed, { do: "say" }>): void {
    if (this.told.length >= 14) return;
    const current = this.#stack.at(-1);
    const interrupts = rank > 0 && (!current || rank > current.line.rank);
    const plan = { index: this.told.length, codec, packets, priority: rank, interrupt: rank > 0 };
    const marked = markedLine(plan);
    const from = Math.min(missed, packets.length - 1);
    const frames = marked.frames.filter(({ ptsSamples }) => ptsSamples >= (marked.sentences[from] ?? 0));
    const line: Told = {
      ...marked,
      rank,
      timeline: new Timeline(),
      silentFrom: undefined,
      cuts: [],
      from: frames[0]?.ptsSamples ?? 0,
      mayLack: this.#sound === undefined,
      moves: [],
      isForgotten: false,
      cameAt: Number.POSITIVE_INFINITY,
      reports: [],
    };
    this.told.push(line);
    this.lines.begin(line.begin);
    for (const { sentence, text } of line.texts) {
      this.lines.sentence({ type: "speech.text", offset: 0, utterance: line.id, sentence, text });
    }
    const perBurst = Math.ceil(frames.length / bursts);
    const sending = { line, rest: frames, perBurst, gapMs, dueMs: this.nowMs };
    if (interrupts) this.#stack.push(sending);
    else this.#waiting.push(sending);
    this.#send();
  }

  /** Sends what is due, one line after the other, as one connection's lane does. */
  #send(): void {
    for (;;) {
      if (this.#stack.length === 0) {
        const next = this.#waiting.toSorted((a, b) => b.line.rank - a.line.rank)[0];
        if (!next) return;
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        this.#stack.push(next);
      }
      const top = this.#stack.at(-1) as Sending;
      if (top.dueMs > this.nowMs) return;
      if (this.#isInStep && !top.line.timeline.isSet) this.#setTime(top.line);
      if (top.line.rank > 0) this.disturbances.push(this.#device.frontier);
      for (const frame of top.rest.splice(0, top.perBurst)) this.#frame(top.line, frame);
      top.dueMs = this.nowMs + top.gapMs;
      if (top.rest.length > 0) return;
      this.#stack.pop();
      this.lines.end({ utterance: top.line.id });
      if (top.line.rank > 0 && this.#isInStep) this.#goOnAfter(top.line);
    }
  }

  #frame(line: Told, frame: LineFrame): void {
    const dueAt = line.timeline.timeOf(frame.ptsSamples / 24);
    const { sink } = this.#device.sound;
    if (dueAt !== undefined && samplesOf(dueAt) < sink.now + 480) line.mayLack = true;
    line.cameAt = Math.min(line.cameAt, this.#device.frontier);
    this.lines.frame(frame);
  }

  /** When everyone hears it: after what is said already, or at once where it speaks into that. */
  #setTime(line: Told): void {
    const others = this.#inTime.filter((other) => other !== line);
    const free = line.rank > 0 ? 0 : Math.max(0, ...others.map((other) => endAt(other)));
    const at =
      line.rank > 0 ? Math.max(0, ...others.filter(({ rank }) => rank >= line.rank).map(endAt)) : free;
    this.#move(line, 0, Math.max(this.#soonest, at));
  }

  /** Those that were spoken into go on from the sentence that was heard then. */
  #goOnAfter(line: Told): void {
    const startAt = line.timeline.startAt ?? 0;
    const held = this.#inTime.filter(
      (other) => other !== line && other.rank < line.rank && endAt(other) > startAt,
    );
    let at = endAt(line);
    for (const other of held.sort((a, b) => restAt(a, startAt) - restAt(b, startAt))) {
      const heard = samplesOf(other.timeline.placeAt(startAt) ?? 0);
      const from = other.sentences.findLast((sentence) => sentence <= heard) ?? 0;
      this.#move(other, from / 24, Math.max(at, this.#soonest));
      at = endAt(other);
    }
  }

  get #inTime(): Told[] {
    return this.told.filter(
      ({ timeline, silentFrom, isForgotten }) => timeline.isSet && silentFrom === undefined && !isForgotten,
    );
  }

  #move(line: Told, fromMs: number, startAt: number): void {
    line.timeline.move(fromMs, startAt);
    line.moves.push({ fromMs, startAt, frame: this.#sounding });
    this.lines.move({ type: "speech.move", offset: 0, utterance: line.id, fromMs, startAt });
  }

  #cancel(index: number, atMs: number): void {
    const open = this.#open;
    const line = open[index % Math.max(1, open.length)];
    if (!line) return;
    const isSending = this.#stack.some((sending) => sending.line === line);
    if (atMs === 0) this.#silence(line);
    else {
      line.cuts.push({ pts: samplesOf(atMs), frame: this.#sounding });
      line.mayLack = true;
    }
    this.#forget(line);
    this.lines.cancel({ type: "speech.cancel", offset: 0, utterance: line.id, atMs, reason: "cancelled" });
    if (isSending && line.rank > 0 && line.timeline.isSet) this.#goOnAfter(line);
  }

  /** The server says that everyone waits for a while in the middle of a line. */
  #pause(index: number, ms: number): void {
    // Who speaks into others is heard without a pause: they go on when all of it is made.
    if (this.#inTime.some((line) => line.rank > 0 && endAt(line) > this.nowMs)) return;
    const open = this.#inTime.filter((line) => line.cuts.length === 0 && endAt(line) > this.#soonest + 300);
    const line = open[index % Math.max(1, open.length)];
    if (!line) return;
    const place = line.timeline.placeAt(Math.max(this.#soonest, line.timeline.startAt ?? 0) + 200) ?? 0;
    if (place * 24 >= line.length - 480) return;
    const oldEnd = endAt(line);
    const behind = this.#inTime.filter((other) => (other.timeline.startAt ?? 0) > oldEnd - 1);
    this.#move(line, place, (line.timeline.timeOf(place) ?? 0) + ms);
    let at = endAt(line);
    for (const other of behind) {
      this.#move(other, 0, at);
      at = endAt(other);
    }
  }

  #skip(): void {
    // The first of the playlist is nobody's business but the player's: it is whoever ends now.
    const before = this.#open;
    this.lines.skip();
    for (const line of before) if (line.reports.some(({ ended }) => ended)) this.#silence(line);
  }

  #silence(line: Told): void {
    line.silentFrom ??= this.#sounding;
    this.#forget(line);
  }

  /** Nothing more of it is sent. */
  #forget(line: Told): void {
    for (const list of [this.#stack, this.#waiting]) {
      const at = list.findIndex((sending) => sending.line === line);
      if (at >= 0) list.splice(at, 1);
    }
  }

  /** The connection was lost and is back: what was sent last of each line is sent again. */
  #sendAgain(): void {
    for (const { line } of this.#stack) {
      this.lines.begin(line.begin);
      const sent = line.frames.filter((frame) => !this.#stack.some(({ rest }) => rest.includes(frame)));
      for (const frame of sent.slice(-6)) if (frame.ptsSamples >= line.from) this.lines.frame(frame);
    }
  }

  /** The server has started anew, and knows nothing of what it said. */
  #restart(): void {
    for (const line of this.#open) {
      line.mayLack = true;
      line.isForgotten = true;
      this.#forget(line);
      this.lines.end({ utterance: line.id });
    }
    this.disturbances.push(this.#device.frontier);
    this.lines.meet(`after ${this.nowMs}`);
  }
}

function endAt({ timeline, length, cuts }: Told): number {
  return timeline.timeOf(Math.min(length, ...cuts.map(({ pts }) => pts)) / 24) ?? 0;
}

function restAt({ timeline }: Told, at: number): number {
  return timeline.timeOf(timeline.placeAt(at) ?? 0) ?? Number.POSITIVE_INFINITY;
}

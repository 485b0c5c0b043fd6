import { LEAD_MARGIN_MS, LONGEST_LEAD_MS } from "../../../core/protocol/v2.ts";
import type { AudioSink } from "../audio-sink.ts";
import type { SpeechOutput } from "../speech-output.ts";
import type { StepState, TableClock, TimedSound } from "../step.ts";
import { OutputClock, type OutputStamp } from "./output-clock.ts";
import type { Anchor } from "./renderer.ts";
import type { RingOutput } from "./ring-output.ts";
import { type RingInput, RingSink, type SinkClock } from "./ring-sink.ts";
import { STAMP_MS } from "./stamp-plan.ts";
import { placeSound, secondClicks } from "./timed-sound.ts";

export interface LoudspeakerOptions {
  /** Hz of the audio context, and of the ring. */
  sampleRate: number;
  output: RingOutput;
  /** Undefined before the server has answered a probe. */
  tableClock: () => TableClock | undefined;
  /** The local clock, ms. */
  now: () => number;
}

const ANCHOR_MS = 100;
/** Out of step a position is a frame of the context. */
const OWN_ANCHOR: Anchor = { frame: 0, position: 0, ratio: 1 };
/** Stamps that are remembered: of ten seconds. */
const MEMORY = 400;
/** Lateness decays by half in half a minute; a delay beyond this is not counted as lateness. */
const FORGIVING = 0.5 ** (STAMP_MS / 30_000);
const MOST_LATE_MS = 250;
/** This part of them is believed; the others were accidents. */
const BELIEVED = 0.98;

/**
 * One device's loudspeaker, as whoever decides what sounds sees it, on whatever thread: two sinks over one
 * ring, and the anchors that tie positions in it to the frames that leave the device.
 */
export class Loudspeaker implements SpeechOutput {
  readonly sink: RingSink;
  /** By how much this device sounds late although it says otherwise; ms. */
  #trimMs = 0;
  /** By how much of its trim it plays late all the same, because sound does not come early enough for that; ms. */
  #behindMs = 0;
  readonly #options: LoudspeakerOptions;
  readonly #outputClock: OutputClock = new OutputClock();
  readonly #table: RingSink;
  #active: "own" | "table" = "own";
  /** How far ahead of the playhead frames were rendered, and by how much stamps came late as the page was busy; ms. */
  #aheads: number[] = [];
  #delays: number[] = [];
  #renderedMs = 0;
  #pageMs = 0;
  /** By how much utterances came too late recently, beyond what the network's delay explains; ms. */
  #lateMs = 0;
  /** The network's delay, as of so many echoes. */
  #delay: { echoes: number; ms: number } | undefined;
  #stampedAt: number | undefined;
  #isPumping = false;
  /** The table's clock by which sound was placed. */
  #clock: TableClock | undefined;
  #anchoredAt = Number.NEGATIVE_INFINITY;

  constructor(options: LoudspeakerOptions) {
    this.#options = options;
    this.sink = this.#sinkOf("own");
    this.#table = this.#sinkOf("table");
    options.output.anchor(OWN_ANCHOR);
  }

  trim(ms: number): void {
    // Whoever sets it has listened.
    if (ms !== this.#trimMs) this.#outputClock.hold();
    this.#trimMs = ms;
    this.#fallBehind();
  }

  get inStep(): AudioSink | undefined {
    return this.#isInStep ? this.#table : undefined;
  }

  get step(): StepState | undefined {
    const { tableClock, output, sampleRate, now } = this.#options;
    const clock = tableClock();
    if (!clock || !this.#isInStep) return undefined;
    return {
      skewMs: (output.error * 1000) / sampleRate + this.#behindMs,
      uncertaintyMs: clock.uncertaintyMs(now()) + this.#outputClock.noiseMs,
      isTrusted: this.#outputClock.isTrusted,
    };
  }

  /** ms that have to lie between the server's sending and hearing here; undefined while not known. */
  get latencyMs(): number | undefined {
    const clock = this.#isInStep ? this.#options.tableClock() : undefined;
    if (!clock) return undefined;
    if (clock.echoes !== this.#delay?.echoes) {
      this.#delay = { echoes: clock.echoes, ms: clock.delayMs(0.99) ?? 0 };
    }
    return Math.max(0, this.#delay.ms + this.#aheadMs + this.#lateMs + this.#trimMs);
  }

  /** What the device says about its output, every 25 ms or so. */
  stamp(stamp: OutputStamp): void {
    this.#outputClock.add(stamp);
    const { seenAtMs, currentTime } = stamp;
    this.#delays = [...this.#delays, seenAtMs - (this.#stampedAt ?? seenAtMs) - STAMP_MS].slice(-MEMORY);
    this.#stampedAt = seenAtMs;
    if (!this.#outputClock.isReady) return;
    const ahead = (currentTime - this.#outputClock.contextTimeAt(seenAtMs)) * 1000;
    this.#aheads = [...this.#aheads, ahead].slice(-MEMORY);
    this.#renderedMs = nearlyMost(this.#aheads);
    this.#pageMs = nearlyMost(this.#delays);
    this.#lateMs *= FORGIVING;
  }

  /** Keeps the renderer in step. Wants to be called 20 times a second at least. */
  tick(): void {
    const localMs = this.#options.now();
    this.#followClock();
    if (!this.#outputClock.isReady) return;
    if (this.#table.isEmpty) this.#fallBehind();
    if (this.#active === "table" && localMs - this.#anchoredAt >= ANCHOR_MS) this.#anchorToTable(localMs);
    this.#pump(localMs);
  }

  click(sound?: TimedSound): void {
    const { inStep } = this;
    this.#outputClock.hold();
    if (inStep) placeSound(inStep, sound ?? secondClicks(inStep));
  }

  close(): void {
    this.#options.output.close();
  }

  get #isInStep(): boolean {
    return this.#outputClock.isReady && this.#options.tableClock()?.isTrusted === true;
  }

  get #aheadMs(): number {
    const { marginMs, needsPage } = this.#options.output;
    return this.#renderedMs + marginMs + (needsPage ? this.#pageMs : 0);
  }

  /** By how much it plays before the table's time, so that what the device hides is made up for; ms. */
  get #earlyMs(): number {
    return this.#trimMs - this.#behindMs;
  }

  /** By how much sound leaves the device later than it says. Nothing is heard before it was rendered. */
  get #hiddenMs(): number {
    return Math.max(this.#trimMs, -this.#renderedMs);
  }

  /**
   * Where the slider asks for more latency than any utterance is given, the device plays late by what is missing;
   * otherwise it would never play an utterance's beginning. Not in the middle of one, where that would be heard; and
   * for no other reason: a device that needs more for a while stays in step.
   */
  #fallBehind(): void {
    const missing = (this.latencyMs ?? 0) + LEAD_MARGIN_MS - LONGEST_LEAD_MS;
    this.#behindMs = Math.max(0, Math.min(this.#trimMs, missing));
  }

  /** Ignores a page that comes back: it has missed seconds, and an earlier start would not have helped. */
  #noteLate(ms: number): void {
    if (ms < MOST_LATE_MS) this.#lateMs = Math.min(MOST_LATE_MS, this.#lateMs + ms);
  }

  #pump(localMs: number): void {
    const { output, sampleRate } = this.#options;
    output.pump((this.#outputClock.contextTimeAt(localMs) + this.#renderedMs / 1000) * sampleRate);
  }

  /** Sound placed in this turn is rendered now, not at the next tick. */
  #pumpSoon(): void {
    if (this.#isPumping || !this.#outputClock.isReady) return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      this.#pump(this.#options.now());
    });
  }

  #sinkOf(kind: "own" | "table"): RingSink {
    const isTable = kind === "table";
    const clock: SinkClock = {
      isTable,
      playheadMs: () => (isTable ? this.#tablePlaysMs : this.#ownPlaysMs) - this.#hiddenMs,
      aheadMs: () => this.#aheadMs + this.#hiddenMs,
      tooLate: (ms) => this.#noteLate(ms),
    };
    const ring: RingInput = {
      write: (at, samples) => {
        this.#activate(kind);
        this.#options.output.write(at, samples);
        this.#pumpSoon();
      },
      clear: (from, to) => {
        if (kind === this.#active) this.#options.output.clear(from, to);
      },
    };
    return new RingSink(ring, clock, this.#options.sampleRate);
  }

  /** The table's time that leaves the device now, as it says. */
  get #tablePlaysMs(): number {
    const { tableClock, now } = this.#options;
    return (tableClock()?.remoteAt(now()) ?? 0) + this.#earlyMs;
  }

  get #ownPlaysMs(): number {
    return this.#outputClock.contextTimeAt(this.#options.now()) * 1000;
  }

  /** The ring holds what one sink was given; the other begins with an empty one. */
  #activate(kind: "own" | "table"): void {
    if (kind === this.#active) return;
    this.#active = kind;
    this.#empty();
    if (kind === "own") this.#options.output.anchor(OWN_ANCHOR);
    else this.#anchorToTable(this.#options.now());
  }

  /** A server that has started anew has another clock, on which nothing means what it meant. */
  #followClock(): void {
    const clock = this.#options.tableClock();
    if (!clock || clock === this.#clock) return;
    this.#clock = clock;
    this.#table.forget();
    if (this.#active === "table") this.#empty();
  }

  #empty(): void {
    this.#options.output.clear(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  }

  /** Says which position is to leave the device now, and how many pass while one frame does. */
  #anchorToTable(localMs: number): void {
    const { output, tableClock, sampleRate } = this.#options;
    const clock = tableClock();
    const tableMs = clock?.remoteAt(localMs);
    if (!clock || tableMs === undefined) return;
    this.#anchoredAt = localMs;
    output.anchor({
      frame: this.#outputClock.contextTimeAt(localMs) * sampleRate,
      position: ((tableMs + this.#earlyMs) * sampleRate) / 1000,
      ratio: (1 + clock.drift * 1e-6) / (1000 * this.#outputClock.rate),
    });
  }
}

/** A maximum without the outliers. */
function nearlyMost(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.max(0, sorted[Math.floor(BELIEVED * (sorted.length - 1))] ?? 0);
}

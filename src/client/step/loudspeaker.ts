import type { RemoteClock } from "../../core/clock.ts";
import type { LineSound } from "../lines.ts";
import type { Stage } from "../stage.ts";
import type { StepState } from "../step-state.ts";
import { OutputClock, type OutputStamp } from "./output-clock.ts";
import type { Anchor } from "./renderer.ts";
import { type RingInput, RingStage, type StageClock } from "./ring-stage.ts";
import { placeClicks } from "./test-click.ts";

/** What renders: it takes sound by position, and is told which position is due at which frame. */
export interface RingOutput extends RingInput {
  /** ms from here to the renderer, and into what it renders next. */
  readonly marginMs: number;
  /** Positions by which it plays late, as it says itself. */
  readonly error: number;
  anchor(anchor: Anchor): void;
  /** The frame that the device renders next; wants to be told 20 times a second at least. */
  pump(frame: number): void;
  close(): void;
}

export interface LoudspeakerOptions {
  /** Hz of the audio context, and of the ring. */
  sampleRate: number;
  output: RingOutput;
  /** Undefined before the server has answered a probe. */
  tableClock: () => RemoteClock | undefined;
  /** The local clock, ms. */
  now: () => number;
}

const ANCHOR_MS = 100;
/** Out of step a position is a frame of the context. */
const OWN_ANCHOR: Anchor = { frame: 0, position: 0, ratio: 1 };
/** Renders that were ahead of the ear by more than this are forgotten one by one. */
const AHEAD_MEMORY = 400;

/**
 * One device's loudspeaker, as whoever decides what sounds sees it, on whatever thread: two stages over one
 * ring, and the anchors that tie positions in it to the frames that leave the device.
 */
export class Loudspeaker implements LineSound {
  readonly stage: RingStage;
  /** ms by which this device sounds late although it says otherwise. */
  trimMs = 0;
  readonly #options: LoudspeakerOptions;
  readonly #outputClock: OutputClock = new OutputClock();
  readonly #table: RingStage;
  #active: "own" | "table" = "own";
  #aheads: number[] = [];
  #anchoredAt = Number.NEGATIVE_INFINITY;

  constructor(options: LoudspeakerOptions) {
    this.#options = options;
    this.stage = this.#stageOf("own");
    this.#table = this.#stageOf("table");
    options.output.anchor(OWN_ANCHOR);
  }

  get inStep(): Stage | undefined {
    return this.#isInStep ? this.#table : undefined;
  }

  get step(): StepState | undefined {
    const { tableClock, output, sampleRate, now } = this.#options;
    const clock = tableClock();
    if (!clock || !this.#isInStep) return undefined;
    return {
      skewMs: (output.error * 1000) / sampleRate,
      uncertaintyMs: clock.uncertaintyMs(now()) + this.#outputClock.noiseMs,
      isTrusted: this.#outputClock.isTrusted,
    };
  }

  /** ms that have to lie between the server's sending and the ear; undefined before they are known. */
  get leadMs(): number | undefined {
    const delayMs = this.#isInStep ? this.#options.tableClock()?.delayMs(0.99) : undefined;
    return delayMs === undefined ? undefined : Math.max(0, delayMs + this.#aheadMs);
  }

  /** What the device says about its output, every 25 ms or so. */
  stamp(stamp: OutputStamp): void {
    this.#outputClock.add(stamp);
    if (!this.#outputClock.isReady) return;
    const ahead = (stamp.currentTime - this.#outputClock.contextTimeAt(stamp.atMs)) * 1000;
    if (this.#aheads.push(ahead) > AHEAD_MEMORY) this.#aheads.shift();
  }

  /** Keeps the renderer in step. Wants to be called 20 times a second at least. */
  tick(): void {
    const { output, now, sampleRate } = this.#options;
    const localMs = now();
    if (!this.#outputClock.isReady) return;
    if (this.#active === "table" && localMs - this.#anchoredAt >= ANCHOR_MS) this.#anchorToTable(localMs);
    output.pump((this.#outputClock.contextTimeAt(localMs) + this.#renderedMs / 1000) * sampleRate);
  }

  /** Clicks on each of the coming seconds of the table's clock. */
  click(): void {
    if (this.inStep) placeClicks(this.inStep, this.#tableEarMs);
  }

  close(): void {
    this.#options.output.close();
  }

  get #isInStep(): boolean {
    return this.#outputClock.isReady && this.#options.tableClock()?.isTrusted === true;
  }

  /** How far ahead of the ear frames are rendered, at the worst of the last ten seconds. */
  get #renderedMs(): number {
    return Math.max(0, ...this.#aheads);
  }

  get #aheadMs(): number {
    return this.#renderedMs + this.#options.output.marginMs;
  }

  #stageOf(kind: "own" | "table"): RingStage {
    const isTable = kind === "table";
    const clock: StageClock = {
      isTable,
      earMs: () => (isTable ? this.#tableEarMs : this.#ownEarMs),
      aheadMs: () => this.#aheadMs,
    };
    const ring: RingInput = {
      write: (at, samples) => {
        this.#activate(kind);
        this.#options.output.write(at, samples);
      },
      clear: (from, to) => {
        if (kind === this.#active) this.#options.output.clear(from, to);
      },
    };
    return new RingStage(ring, clock, this.#options.sampleRate);
  }

  get #tableEarMs(): number {
    const { tableClock, now } = this.#options;
    return tableClock()?.remoteAt(now()) ?? 0;
  }

  get #ownEarMs(): number {
    return this.#outputClock.contextTimeAt(this.#options.now()) * 1000;
  }

  /** The ring holds what one stage was given; the other begins with an empty one. */
  #activate(kind: "own" | "table"): void {
    if (kind === this.#active) return;
    this.#active = kind;
    this.#options.output.clear(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (kind === "own") this.#options.output.anchor(OWN_ANCHOR);
    else this.#anchorToTable(this.#options.now());
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
      position: ((tableMs + this.trimMs) * sampleRate) / 1000,
      ratio: (1 + clock.drift * 1e-6) / (1000 * this.#outputClock.rate),
    });
  }
}

import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { LineClip } from "../session/line.ts";
import type { AudioSink } from "./audio-sink.ts";
import { ContextSink } from "./context-sink.ts";
import type { PageLoudspeaker } from "./in-step/page-loudspeaker.ts";
import type { SpeechOutput } from "./speech-output.ts";
import type { StepSource, StepState, TimedSound } from "./step.ts";

const RAMP_SECONDS = 0.02;

/** An audio context with what hangs on it: what sounds when, and how loud. */
export class Sound implements SpeechOutput {
  readonly sink: ContextSink;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  readonly #workletUrl: string | URL | undefined;
  #loudspeaker: PageLoudspeaker | undefined;
  #table: StepSource | undefined;
  #isOpening = false;
  #isClosed = false;
  #trimMs = 0;

  /** @param gain 0…1, to begin with */
  constructor(context: AudioContext, gain: number, workletUrl?: string | URL) {
    this.#context = context;
    this.#workletUrl = workletUrl;
    this.#gain = context.createGain();
    this.#gain.gain.value = gain;
    this.#gain.connect(context.destination);
    this.sink = new ContextSink(context, { node: this.#gain, latency: () => this.#latency });
  }

  /** Seconds from the context's time to the ear: nothing is heard before it was rendered. */
  get #latency(): number {
    return Math.max(0, (this.#context.outputLatency || 0) + this.#trimMs / 1000);
  }

  /** What it is played on, and what all that sounds goes through. */
  get graph(): { context: AudioContext; output: AudioNode } {
    return { context: this.#context, output: this.#gain };
  }

  get inStep(): AudioSink | undefined {
    return this.#loudspeaker?.inStep;
  }

  get step(): StepState | undefined {
    return this.#loudspeaker?.step;
  }

  /**
   * Keeps step with that table from now on, as soon as its clock and this device's are known. Where
   * the code for that cannot be had, utterances sound as soon as they can until it is asked for again.
   */
  async keepStep(table: StepSource): Promise<void> {
    this.#table = table;
    if (this.#isOpening || this.#isClosed) return;
    this.#isOpening = true;
    try {
      const { PageLoudspeaker } = await import("./in-step/page-loudspeaker.ts");
      const loudspeaker = await PageLoudspeaker.open(this.graph, () => this.#table, this.#workletUrl);
      if (this.#isClosed) loudspeaker.close();
      else this.#loudspeaker = loudspeaker;
      loudspeaker.trim(this.#trimMs);
    } catch {
      this.#isOpening = false;
    }
  }

  trim(ms: number): void {
    this.#trimMs = ms;
    this.#loudspeaker?.trim(ms);
  }

  click(sound?: TimedSound): void {
    this.#loudspeaker?.click(sound);
  }

  /** Whether what is placed now can be heard. */
  get running(): boolean {
    return this.#context.state === "running" && this.sink.isReady;
  }

  /** Asks for sound. A refusal changes nothing: the next tap asks again. */
  async resume(): Promise<void> {
    if (this.running) return;
    await Promise.all([this.#context.resume(), this.sink.prepare()]).catch(() => undefined);
  }

  /** Goes to a new loudness without a click. */
  rampTo(gain: number): void {
    const now = this.#context.currentTime;
    this.#gain.gain.cancelScheduledValues(now);
    this.#gain.gain.setValueAtTime(this.#gain.gain.value, now);
    this.#gain.gain.linearRampToValueAtTime(gain, now + RAMP_SECONDS);
  }

  /** The clip's sound at the context's rate; undefined where this browser cannot play it. */
  async decode(clip: LineClip): Promise<AudioBuffer | undefined> {
    try {
      // A copy, because decoding detaches the buffer it is given.
      return await this.#context.decodeAudioData(new Uint8Array(clip.bytes).buffer);
    } catch {
      return undefined;
    }
  }

  /** Gives the device back; closing twice is harmless. */
  close(): void {
    this.#isClosed = true;
    this.#loudspeaker?.close();
    this.#context.close().catch(() => undefined);
  }
}

/** iOS: speech is to be heard although the ring switch says silent. */
export function claimPlayback(): void {
  const { audioSession } = (globalThis.navigator ?? {}) as { audioSession?: { type: string } };
  if (audioSession) audioSession.type = "playback";
}

/** A context in which nothing has to be resampled, or whichever this browser has. */
export function newAudioContext(): AudioContext {
  try {
    return new AudioContext({ latencyHint: "balanced", sampleRate: V2_SAMPLE_RATE });
  } catch {
    return new AudioContext({ latencyHint: "balanced" });
  }
}

import { V2_SAMPLE_RATE } from "../core/v2.ts";
import { AudioStage } from "./audio-stage.ts";
import type { LineClip } from "./line.ts";
import type { LineSound } from "./lines.ts";
import type { StepSource } from "./player-options.ts";
import { Schedule } from "./schedule.ts";
import type { Stage } from "./stage.ts";
import type { PageLoudspeaker } from "./step/page-loudspeaker.ts";
import type { StepState } from "./step-state.ts";

const RAMP_SECONDS = 0.02;

/** An audio context with what hangs on it: what sounds when, and how loud. */
export class Sound implements LineSound {
  /** For clips. */
  readonly schedule: Schedule;
  /** For lines. */
  readonly stage: AudioStage;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  readonly #workletUrl: string | URL | undefined;
  #loudspeaker: PageLoudspeaker | undefined;
  #isOpening = false;
  #trimMs = 0;

  /** @param gain 0…1, to begin with */
  constructor(context: AudioContext, gain: number, workletUrl?: string | URL) {
    this.#context = context;
    this.#workletUrl = workletUrl;
    this.#gain = context.createGain();
    this.#gain.gain.value = gain;
    this.#gain.connect(context.destination);
    this.schedule = new Schedule(context, this.#gain);
    this.stage = new AudioStage(context, this.#gain);
  }

  /** What it is played on, and what all that sounds goes through. */
  get graph(): { context: AudioContext; output: AudioNode } {
    return { context: this.#context, output: this.#gain };
  }

  get inStep(): Stage | undefined {
    return this.#loudspeaker?.inStep;
  }

  get step(): StepState | undefined {
    return this.#loudspeaker?.step;
  }

  /** Lets lines keep step with a table, as soon as its clock and this device's are known. */
  async keepStep(table: StepSource): Promise<void> {
    if (this.#isOpening) return;
    this.#isOpening = true;
    const { PageLoudspeaker } = await import("./step/page-loudspeaker.ts");
    this.#loudspeaker = await PageLoudspeaker.open(this.graph, table, this.#workletUrl);
    this.#loudspeaker.trimMs = this.#trimMs;
    if (this.#context.state === "closed") this.#loudspeaker.close();
  }

  /** ms by which this device sounds late although it says otherwise. */
  set trimMs(ms: number) {
    this.#trimMs = ms;
    if (this.#loudspeaker) this.#loudspeaker.trimMs = ms;
  }

  /** Clicks on each of the coming seconds of the table's clock. */
  click(): void {
    this.#loudspeaker?.click();
  }

  get running(): boolean {
    return this.#context.state === "running";
  }

  /** Asks for sound. A refusal changes nothing: the next tap asks again. */
  resume(): void {
    if (!this.running) this.#context.resume().catch(() => undefined);
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

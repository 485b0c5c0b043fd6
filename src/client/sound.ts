import { V2_SAMPLE_RATE } from "../core/v2.ts";
import { AudioStage } from "./audio-stage.ts";
import type { LineClip } from "./line.ts";
import { Schedule } from "./schedule.ts";

const RAMP_SECONDS = 0.02;

/** An audio context with what hangs on it: what sounds when, and how loud. */
export class Sound {
  /** For clips. */
  readonly schedule: Schedule;
  /** For lines. */
  readonly stage: AudioStage;
  readonly #context: AudioContext;
  readonly #gain: GainNode;

  /** @param gain 0…1, to begin with */
  constructor(context: AudioContext, gain: number) {
    this.#context = context;
    this.#gain = context.createGain();
    this.#gain.gain.value = gain;
    this.#gain.connect(context.destination);
    this.schedule = new Schedule(context, this.#gain);
    this.stage = new AudioStage(context, this.#gain);
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

import type { VoiceConfig } from "../../voices/voice-config.ts";

/** The range that an engine covers by itself: everything a voice may ask for, nothing, or least to most. */
export type Reach = boolean | readonly [least: number, most: number];

/** Which changes of speed (a factor) and pitch (semitones) an engine makes by itself; all by default. */
export interface Prosody {
  speed?: Reach;
  pitch?: Reach;
}

type Change = Pick<VoiceConfig, "speed" | "pitch">;

/** How much of a voice's speed and pitch the engine sees to. */
export function nativeProsody({ speed = true, pitch = true }: Prosody, voice: Change): Change {
  return { speed: within(speed, voice.speed, 1), pitch: within(pitch, voice.pitch, 0) };
}

/** What is left of it for the audio chain. */
export function missingProsody(prosody: Prosody, voice: Change): Change {
  const native = nativeProsody(prosody, voice);
  return { speed: voice.speed / native.speed, pitch: voice.pitch - native.pitch };
}

function within(reach: Reach, wanted: number, none: number): number {
  if (typeof reach === "boolean") return reach ? wanted : none;
  return Math.min(reach[1], Math.max(reach[0], wanted));
}

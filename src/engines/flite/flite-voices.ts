import { genderOf } from "../../voices/voice-gender.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";

/** Flite's own voices; all are English. */
export const FLITE_VOICES = ["slt", "rms", "awb", "kal16"] as const;
export type FliteVoice = (typeof FLITE_VOICES)[number];

/** The same, as they are listed: a woman, a man, a Scot, and a machine. */
export const LISTED_VOICES: readonly (EngineVoice & { id: FliteVoice })[] = [
  { id: "slt", languages: ["en-us"], gender: "female" },
  { id: "rms", languages: ["en-us"], gender: "male" },
  { id: "awb", languages: ["en-gb-scotland"], gender: "male" },
  { id: "kal16", languages: ["en-us"] },
];

/** British ids, of eSpeak and others. */
const BRITISH = /^(?:\w+\/)?en-(?:gb|uk|sc)|^bm_/;

/**
 * The voice that comes closest to one of another engine, always the same for the same id: slt for women, awb
 * (a Scot) for British men, kal16 (a machine) for what is not quite human, rms for all other men.
 */
export function fliteVoice(voiceId: string): FliteVoice {
  const id = voiceId.trim().toLowerCase();
  const own = FLITE_VOICES.find((name) => name === id);
  if (own) return own;
  if (id === "kal") return "kal16";
  const gender = genderOf(id);
  if (gender === "female") return "slt";
  // eSpeak's variants besides men and women: croaks, robots, whispers.
  if (gender === undefined && id.includes("+")) return "kal16";
  return BRITISH.test(id) ? "awb" : "rms";
}

/** Flite's own voices; all are English. */
export const FLITE_VOICES = ["slt", "rms", "awb", "kal16"] as const;
export type FliteVoice = (typeof FLITE_VOICES)[number];

/** What says that a woman speaks: eSpeak's variants `f1`…, and names that other engines give. */
const FEMALE = /\+f\d|female|woman|girl|^af_|^bf_|aria|jenny|sonia|libby|nova|shimmer|michelle/;
/** eSpeak's variants besides men and women: croaks, robots, whispers. */
const ODD = /\+(?!m\d)/;
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
  if (FEMALE.test(id)) return "slt";
  if (ODD.test(id)) return "kal16";
  return BRITISH.test(id) ? "awb" : "rms";
}

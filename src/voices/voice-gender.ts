import { FEMALE_VARIANTS, KINDRED_VARIANTS, MALE_VARIANTS } from "./espeak-variants.ts";

/** What tells of a woman or a man in the names of voices and speakers: `af_heart`, `expr-voice-2-f`, `en-US-JennyNeural`. */
const FEMALE = /female|woman|girl|^[a-z]f_|-f$|aria|jenny|sonia|libby|nova|shimmer|michelle/i;
const MALE = /male|\bman\b|boy|^[a-z]m_|-m$/i;

/** Of eSpeak's variants, those that are people. */
const VARIANTS: ReadonlyMap<string, "female" | "male"> = new Map([
  ...FEMALE_VARIANTS.map((name) => [name, "female"] as const),
  ...MALE_VARIANTS.map((name) => [name, "male"] as const),
  ...KINDRED_VARIANTS.filter((name) => name !== "croak").map((name) => [name, "male"] as const),
]);

/** Whether a voice is a woman's or a man's, as far as its name tells; so that another engine finds one that is like it. */
export function genderOf(voiceId: string): "female" | "male" | undefined {
  const [, variant] = voiceId.trim().toLowerCase().split("+");
  const ofVariant = variant === undefined ? undefined : VARIANTS.get(variant);
  if (ofVariant) return ofVariant;
  // `kokoro/af_heart` is a speaker of a voice.
  const name = voiceId.slice(voiceId.indexOf("/") + 1);
  if (FEMALE.test(name)) return "female";
  return MALE.test(name) ? "male" : undefined;
}

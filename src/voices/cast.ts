import { stableChoice, stableHash } from "../core/stable-choice.ts";
import { engineNamed } from "./engine-names.ts";
import { FEMALE_VARIANTS, KINDRED_VARIANTS, MALE_VARIANTS } from "./espeak-variants.ts";
import type { NpcTraits } from "./npc-traits.ts";
import { nameKey } from "./registry-keys.ts";
import type { VoiceConfig } from "./voice-config.ts";

/** Who is cast. */
export interface CastNpc extends NpcTraits {
  name: string;
}

/** How far from the archetype's pitch an NPC may speak: semitones. */
export const CAST_PITCH = 4;
/** How far from the archetype's speed, as a part of it. */
export const CAST_SPEED = 0.1;

/** Variants that one of the others may take the place of; any other is what makes its archetype. */
const ORDINARY = new Set([...MALE_VARIANTS, ...FEMALE_VARIANTS, ...KINDRED_VARIANTS]);

/**
 * A voice of their own for somebody nobody configured: the archetype's, with its pitch, speed and (where it
 * is one of eSpeak's) variant chosen by a hash of name, race and gender. Nothing else goes into it, so that
 * it is the same in every session and on every machine, whoever has spoken before.
 * @param archetype as the registry finds it for their race and gender; its language stays
 * @param options.apart voices whose variants are theirs alone in their language
 */
export function castVoice(
  archetype: VoiceConfig,
  npc: CastNpc,
  options: { apart?: readonly VoiceConfig[] } = {},
): VoiceConfig {
  const who = [npc.name, npc.race, npc.gender].map((part) => nameKey(part ?? "")).join("|");
  const aside = (what: string): number => 2 * (stableHash(`${who}|${what}`) / 2 ** 32) - 1;
  const pitch = archetype.pitch + CAST_PITCH * aside("pitch");
  const speed = archetype.speed * (1 + CAST_SPEED * aside("speed"));
  return {
    ...archetype,
    voiceId: variantOf(archetype, npc, who, options.apart ?? []),
    pitch: rounded(within(pitch, -24, 24)),
    speed: rounded(within(speed, 0.25, 4)),
  };
}

function variantOf(
  archetype: VoiceConfig,
  { gender }: CastNpc,
  who: string,
  apart: readonly VoiceConfig[],
): string {
  const base = espeakBase(archetype);
  if (base === undefined) return archetype.voiceId;
  const taken = new Set(apart.map(({ voiceId }) => voiceId.toLowerCase()));
  const names = variantsFor(nameKey(gender ?? "")).map((variant) => `${base}+${variant}`);
  return (
    stableChoice(
      who,
      names.filter((name) => !taken.has(name)),
    ) ?? archetype.voiceId
  );
}

/** The language in a voice id of eSpeak's form; undefined where the id is another engine's, or a variant's own. */
function espeakBase({ voiceId, language, extra }: VoiceConfig): string | undefined {
  if (extra.engine !== undefined && engineNamed(extra.engine, ["espeak"]) === undefined) return undefined;
  const [base = "", variant] = voiceId.toLowerCase().split("+");
  if (variant !== undefined && !ORDINARY.has(variant)) return undefined;
  const isTag = /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/.test(base);
  return isTag && base.split("-")[0] === language.split("-")[0] ? base : undefined;
}

function variantsFor(gender: string): readonly string[] {
  if (/^(?:male|man|boy|m)$/.test(gender)) return MALE_VARIANTS;
  if (/^(?:female|woman|girl|f)$/.test(gender)) return FEMALE_VARIANTS;
  return [...MALE_VARIANTS, ...FEMALE_VARIANTS];
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** Three decimals, finer than anybody hears. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

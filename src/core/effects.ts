/**
 * Effects that a voice may have: `extra.effects`. `effects/` has one file for each.
 * @module
 */
import { cave } from "./effects/cave.ts";
import type { EffectRecipe } from "./effects/effect.ts";
import { giant } from "./effects/giant.ts";
import { radio } from "./effects/radio.ts";
import { spirit } from "./effects/spirit.ts";
import { telepathy } from "./effects/telepathy.ts";

export const EFFECTS = ["cave", "telepathy", "giant", "spirit", "radio"] as const;
export type EffectName = (typeof EFFECTS)[number];

/** How each is made. */
export const EFFECT_RECIPES: Readonly<Record<EffectName, EffectRecipe>> = {
  cave,
  telepathy,
  giant,
  spirit,
  radio,
};

/** The effects that a voice's `extra.effects` names, a name or a list of them, in order and once each. */
export function effectsOf(extra: Readonly<Record<string, unknown>>): EffectName[] {
  const named = [extra.effects].flat();
  return [...new Set(named)].filter((name): name is EffectName => EFFECTS.includes(name as EffectName));
}

import { cave } from "./cave.ts";
import type { EffectRecipe } from "./effect.ts";
import { giant } from "./giant.ts";
import type { EffectName } from "./names.ts";
import { radio } from "./radio.ts";
import { spirit } from "./spirit.ts";
import { telepathy } from "./telepathy.ts";

/** How each effect is made. */
export const EFFECT_RECIPES: Readonly<Record<EffectName, EffectRecipe>> = {
  cave,
  telepathy,
  giant,
  spirit,
  radio,
};

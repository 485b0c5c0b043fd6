/** What a voice may be changed by: `extra.effects`. How each is made is in `effects/`. */
export const EFFECTS = ["cave", "telepathy", "giant", "spirit", "radio"] as const;
export type EffectName = (typeof EFFECTS)[number];

/** The effects that a voice's `extra.effects` names, a name or a list of them, in order and once each. */
export function effectsOf(extra: Readonly<Record<string, unknown>>): EffectName[] {
  const named = [extra.effects].flat();
  return [...new Set(named)].filter((name): name is EffectName => EFFECTS.includes(name as EffectName));
}

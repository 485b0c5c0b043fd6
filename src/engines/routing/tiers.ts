import { engineNamed } from "../../voices/engine-names.ts";
import type { TTSEngine } from "../contract/engine.ts";

/** Why a line is said; picks the tier it starts with. */
export const CONTEXTS = ["combat", "dialogue", "narration", "ambient", "default"] as const;
export type SpeechContext = (typeof CONTEXTS)[number];

/** What is wanted of an engine: quick, beautiful, or simply there. */
export const TIERS = ["speed", "quality", "fallback"] as const;
export type Tier = (typeof TIERS)[number];

/** Engine names of each tier, in order of preference. */
export type TierMap = Readonly<Record<Tier, readonly string[]>>;

/** What the default tiers depend on. */
export interface Hardware {
  /** Fast enough for heavy engines in the middle of a fight. */
  appleSilicon: boolean;
}

const TIER_OF: Readonly<Record<SpeechContext, Tier>> = {
  combat: "speed",
  default: "speed",
  narration: "quality",
  dialogue: "quality",
  ambient: "quality",
};

/** The tier a context starts with; an unknown context counts as `default`. */
export function tierOf(context: string): Tier {
  return Object.hasOwn(TIER_OF, context) ? TIER_OF[context as SpeechContext] : TIER_OF.default;
}

/** Looks at the machine through what the runtime tells; a browser or an edge runtime counts as plain. */
export function detectHardware(): Hardware {
  const { platform, arch } = globalThis.process ?? {};
  return { appleSilicon: platform === "darwin" && arch === "arm64" };
}

/**
 * Tiers from the order in which the engines were given: quality puts robotic ones last, fallback puts the
 * light ones first, and so does speed where heavy ones could not keep up.
 */
export function defaultTiers(engines: readonly TTSEngine[], hardware: Hardware = detectHardware()): TierMap {
  const heavy = engines.filter((engine) => engine.capabilities.weight === "heavy");
  const light = engines.filter((engine) => !heavy.includes(engine));
  const names = (list: readonly TTSEngine[]): string[] => list.map((engine) => engine.name);
  const given = names(engines);
  const lightFirst = names([...light, ...heavy]);
  const robots = engines.filter((engine) => engine.capabilities.robotic);
  const quality = names([...engines.filter((engine) => !robots.includes(engine)), ...robots]);
  return { speed: hardware.appleSilicon ? given : lightFirst, quality, fallback: lightFirst };
}

/** Tiers for these engines; those that are given replace the default ones. @throws RangeError where one names a stranger */
export function tiersOf(engines: readonly TTSEngine[], given: Partial<TierMap> = {}): TierMap {
  const names = engines.map(({ name }) => name);
  const known = (asked: string): string => {
    const name = engineNamed(asked, names);
    if (name === undefined) throw new RangeError(`a tier names "${asked}", which is not an engine here`);
    return name;
  };
  const { speed, quality, fallback } = { ...defaultTiers(engines), ...given };
  return { speed: speed.map(known), quality: quality.map(known), fallback: fallback.map(known) };
}

/**
 * Engines for a context: those of its tier, then those of the others. A name may come more than once. A heavy engine is
 * there because somebody installed its voices to hear them: it also speaks what has no context.
 */
export function namesFor(context: string, tiers: TierMap, engines: readonly TTSEngine[]): string[] {
  const isPlain = !Object.hasOwn(TIER_OF, context) || context === "default";
  const isHeavy = engines.some(({ capabilities }) => capabilities.weight === "heavy");
  const tier = isPlain && isHeavy ? "quality" : tierOf(context);
  return [tier, ...TIERS.filter((other) => other !== tier)].flatMap((each) => tiers[each]);
}

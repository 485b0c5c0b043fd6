import type { EngineStatus } from "../../core/protocol/api.ts";
import { engineNamed } from "../../voices/engine-names.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { bySpokenLanguage } from "../contract/spoken-language.ts";
import type { GuardedEngine } from "./guarded-engine.ts";
import { namesFor, TIERS, type Tier, type TierMap, tiersOf } from "./tiers.ts";

/** The voices that an engine lists. */
export interface ListedVoices {
  engine: string;
  /** It does not sound like a person. */
  robotic: boolean;
  voices: readonly EngineVoice[];
}

/** The engines of a router in order of preference, their tiers, and which of them are there. */
export class EngineRoster {
  readonly #given: Partial<TierMap> | undefined;
  readonly #available = new Set<string>();
  #engines: ReadonlyMap<string, GuardedEngine>;
  #tiers: TierMap;
  /** One voice says many sentences: what was found for it, by context, until an engine comes or goes. */
  #found = new WeakMap<VoiceConfig, Map<string, readonly GuardedEngine[]>>();

  /** @param tiers replaces single ones @throws RangeError where one names a stranger */
  constructor(engines: readonly GuardedEngine[], tiers: Partial<TierMap> | undefined) {
    this.#given = tiers;
    this.#engines = new Map(engines.map((engine) => [engine.name, engine]));
    this.#tiers = tiersOf(engines, tiers);
  }

  get all(): readonly GuardedEngine[] {
    return [...this.#engines.values()];
  }

  isAvailable(name: string): boolean {
    return this.#available.has(name);
  }

  /** Whether it can speak here; what languages it speaks it may know only now. */
  setAvailable(name: string, isAvailable: boolean): void {
    if (isAvailable) this.#available.add(name);
    else this.#available.delete(name);
    this.#found = new WeakMap();
  }

  /** None of them is there, as far as is known. */
  forget(): void {
    this.#available.clear();
    this.#found = new WeakMap();
  }

  /**
   * Takes in another engine, in the place of the one of its name where there is one.
   * @param before an engine that it is preferred to; by default all
   * @returns the one whose place it takes
   */
  add(engine: GuardedEngine, before: string | undefined): GuardedEngine | undefined {
    const engines = [...this.#engines.values()];
    const own = engines.findIndex(({ name }) => name === engine.name);
    const next = engines.findIndex(({ name }) => name === before);
    const [replaced] =
      own < 0 ? engines.splice(Math.max(0, next), 0, engine) : engines.splice(own, 1, engine);
    this.#tiers = tiersOf(engines, this.#given);
    this.#engines = new Map(engines.map((each) => [each.name, each]));
    this.setAvailable(engine.name, true);
    return replaced;
  }

  /** What is known of each but whether it is out of order. */
  get status(): EngineStatus[] {
    return this.all.map((engine) => ({
      name: engine.name,
      available: this.isAvailable(engine.name),
      tiers: TIERS.filter((tier) => this.#tiers[tier].includes(engine.name)),
      languages: engine.supportedLanguages(),
    }));
  }

  /** Of those that can speak here. */
  get voices(): ListedVoices[] {
    const here = this.all.filter(({ name }) => this.isAvailable(name));
    return here.map((engine) => ({
      engine: engine.name,
      robotic: engine.capabilities.robotic === true,
      voices: engine.listVoices(),
    }));
  }

  /** Those of some tiers. */
  inTiers(tiers: readonly Tier[]): GuardedEngine[] {
    const names = new Set(tiers.flatMap((tier) => this.#tiers[tier]));
    return this.all.filter(({ name }) => names.has(name));
  }

  /** The voice's own engine, then the context's tier, then the other tiers; who speaks another language last. */
  candidates(context: string, voice: VoiceConfig | undefined): readonly GuardedEngine[] {
    if (!voice) return this.#find(context, undefined);
    const byContext = this.#found.get(voice) ?? new Map<string, readonly GuardedEngine[]>();
    this.#found.set(voice, byContext);
    const found = byContext.get(context) ?? bySpokenLanguage(this.#find(context, voice), voice);
    byContext.set(context, found);
    return found;
  }

  #find(context: string, voice: VoiceConfig | undefined): GuardedEngine[] {
    const own = engineNamed(voice?.extra.engine, this.#engines.keys());
    const here = this.all.filter(({ name }) => this.isAvailable(name));
    const inOrder = namesFor(context, this.#tiers, here);
    const names = new Set([...(own === undefined ? [] : [own]), ...inOrder]);
    return [...names].flatMap((name) => here.find((engine) => engine.name === name) ?? []);
  }
}

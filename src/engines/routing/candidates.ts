import { engineNamed } from "../../voices/engine-names.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import { bySpokenLanguage } from "../contract/spoken-language.ts";
import type { GuardedEngine } from "./guarded-engine.ts";
import { namesFor, type TierMap } from "./tiers.ts";

/** Which engines can speak here, and in which order a line's are asked. */
export class Candidates {
  readonly #engines: ReadonlyMap<string, GuardedEngine>;
  readonly #tiers: TierMap;
  readonly #available = new Set<string>();
  /** One voice says many sentences: what was found for it, by context, until an engine comes or goes. */
  #found = new WeakMap<VoiceConfig, Map<string, readonly GuardedEngine[]>>();

  /** @param engines by name */
  constructor(engines: ReadonlyMap<string, GuardedEngine>, tiers: TierMap) {
    this.#engines = engines;
    this.#tiers = tiers;
  }

  isAvailable(name: string): boolean {
    return this.#available.has(name);
  }

  /** An engine can speak here, or cannot; what languages it speaks it may know only now. */
  note({ name }: GuardedEngine, isAvailable: boolean): void {
    if (isAvailable) this.#available.add(name);
    else this.#available.delete(name);
    this.#found = new WeakMap();
  }

  clear(): void {
    this.#available.clear();
    this.#found = new WeakMap();
  }

  /** The voice's own engine, then the context's tier, then the other tiers; who speaks another language last. */
  for(context: string, voice: VoiceConfig | undefined): readonly GuardedEngine[] {
    if (!voice) return this.#find(context, undefined);
    const byContext = this.#found.get(voice) ?? new Map<string, readonly GuardedEngine[]>();
    this.#found.set(voice, byContext);
    const found = byContext.get(context) ?? bySpokenLanguage(this.#find(context, voice), voice);
    byContext.set(context, found);
    return found;
  }

  #find(context: string, voice: VoiceConfig | undefined): GuardedEngine[] {
    const own = engineNamed(voice?.extra.engine, this.#engines.keys());
    const names = new Set([...(own === undefined ? [] : [own]), ...namesFor(context, this.#tiers)]);
    return [...names].flatMap((name) => {
      const engine = this.#engines.get(name);
      return engine && this.#available.has(name) ? [engine] : [];
    });
  }
}

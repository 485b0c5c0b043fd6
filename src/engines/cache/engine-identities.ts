import { engineName, isEngineRef, type WrittenEngineRef } from "../catalogue.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { installedVoicesOf } from "./installed-voices.ts";
import { identityOf } from "./sentence-key.ts";

/** What tells engines from others of their name, and from themselves with other voices. */
export class EngineIdentities {
  readonly #identities = new Map<string, string | undefined>();

  /** Looks at an engine, once more where it is known. */
  async learn(engine: WrittenEngineRef | TTSEngine): Promise<void> {
    const identity = identityOf(engine);
    const voices = await installedVoicesOf(engine);
    const name = isEngineRef(engine) ? engineName(engine) : engine.name;
    this.#identities.set(name, identity && identity + voices);
  }

  /** Its name where nobody has looked at it; undefined where nothing of it may be kept. */
  of(name: string): string | undefined {
    return this.#identities.has(name) ? this.#identities.get(name) : name;
  }
}

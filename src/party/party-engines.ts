import { isEngineRef, requireEquipped, type WrittenEngineRef } from "../engines/catalogue.ts";
import type { TTSEngine } from "../engines/contract/engine.ts";
import { asEngine } from "../engines/routing/synthesizer.ts";
import type { PartyOptions } from "./party-options.ts";

const DEFAULT_ENGINES: readonly WrittenEngineRef[] = ["espeak", "flite"];

/**
 * The engines of a table, by what it was given; those by name are looked at before anything is started that would have to
 * be ended.
 * @throws BardcastError `engine-unavailable` for an engine that there is not, or that lacks its key or address
 */
export async function partyEngines({
  engines,
  pool,
  router,
}: Pick<PartyOptions, "engines" | "pool" | "router">): Promise<(WrittenEngineRef | TTSEngine)[]> {
  const given = engines ?? (router ? [] : DEFAULT_ENGINES);
  const all = given.map((engine) => (isEngineRef(engine) ? engine : asEngine(engine)));
  // Workers of one's own may know other engines, and other nodes may have them.
  if (!pool?.createWorker && !pool?.createHost)
    await Promise.all(all.filter(isEngineRef).map(requireEquipped));
  return all;
}

import { BardcastError } from "../core/errors.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { EngineRef } from "../engines/catalogue.ts";
import type { SpeechHosts } from "../pool/speech-hosts.ts";
import type { RouterShape } from "./shapes.ts";

export interface AddEngineOptions {
  /** An engine that it is preferred to; by default all. */
  before?: string | undefined;
}

/**
 * Has another engine speak from the next sentence on, or the same one again with what was installed for it meanwhile.
 * @throws BardcastError why it cannot speak here, after which nothing has changed; `bad-request` where the router is
 * somebody else's
 */
export async function addEngine(
  { hosts, router, cache }: { hosts: SpeechHosts; router: RouterShape; cache: SpeechCache | undefined },
  ref: EngineRef,
  options: AddEngineOptions,
): Promise<void> {
  if (!router.add) throw new BardcastError("bad-request", "this router has engines of its own");
  await hosts.add(ref, async (engine) => {
    // Before it speaks: what it says with other voices is not what was kept.
    await cache?.identities.learn(ref);
    await router.add?.(engine, options);
  });
}

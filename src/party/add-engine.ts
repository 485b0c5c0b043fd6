import { BardcastError } from "../core/errors.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { EngineRef } from "../engines/catalogue.ts";
import type { SpeakingEngine } from "../engines/contract/sentence-job.ts";
import type { SpeechHosts } from "../pool/speech-hosts.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { RouterShape } from "./shapes.ts";

/** ms that the first words may take: a large model on a busy machine takes long to load. */
const FIRST_WORDS_MS = 60_000;

export interface AddEngineOptions {
  /** An engine that it is preferred to; by default all. */
  before?: string | undefined;
  /** Said where nobody hears it, before any line is: what it needs is loaded then, and it is known that it speaks. */
  firstWords?: { text: string; voice: VoiceConfig } | undefined;
}

/**
 * Has another engine speak from the next sentence on, or the same one again with what was installed for it meanwhile.
 * @throws BardcastError why it cannot speak here, after which nothing has changed; `bad-request` where the router is
 * somebody else's
 */
export async function addEngine(
  { hosts, router, cache }: { hosts: SpeechHosts; router: RouterShape; cache: SpeechCache | undefined },
  ref: EngineRef,
  { before, firstWords }: AddEngineOptions,
): Promise<void> {
  if (!router.add) throw new BardcastError("bad-request", "this router has engines of its own");
  await hosts.add(ref, async (engine) => {
    if (firstWords) await say(engine, firstWords);
    // Before it speaks: what it says with other voices is not what was kept.
    await cache?.identities.learn(ref);
    await router.add?.(engine, { before });
  });
}

/** @throws BardcastError `engine-silent`, and whatever keeps it from speaking */
async function say(
  engine: SpeakingEngine,
  { text, voice }: { text: string; voice: VoiceConfig },
): Promise<void> {
  await engine.warmup();
  let samples = 0;
  // Nobody waits for it, so that it is not given up while it loads.
  const options = { signal: AbortSignal.timeout(FIRST_WORDS_MS), makesWay: true };
  for await (const piece of engine.synthesize(text, voice, options)) samples += piece.samples.length;
  if (samples === 0) throw new BardcastError("engine-silent", "the engine gave no audio");
}

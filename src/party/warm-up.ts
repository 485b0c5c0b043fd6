import { messageOf } from "../core/errors.ts";
import { countSpoken } from "../core/text/sentences.ts";
import type { Party } from "./party.ts";
import { VoiceResolver } from "./request/voice-resolver.ts";
import { answerOf } from "./speaking/trusted-router.ts";

/** Characters whose voices are loaded; engines keep few of them. */
const MAX_CHARACTERS = 8;

/** Something of everything that lines usually have. */
const WARM_UP_TEXT =
  "“Run!” she said. Dr. Vane waits… **(softly)** Take 3 [maps](x).\n\n- `rope`\n- 2 torches 🔥\n";

/** Gets a party ready to speak. If its router cannot get ready, the log is told; it is asked to speak all the same. */
export async function warmUp({ router }: Party, log: (message: string) => void): Promise<void> {
  // The first text of a process takes many times as long to read as any other: not the first that somebody says.
  countSpoken(WARM_UP_TEXT);
  await answerOf(router, () => router.warmup()).catch((error) => log(messageOf(error)));
}

/**
 * Engines begin to load the voices that lines will ask for: the DM's, then those of the first characters in the registry.
 * Nobody waits for it. Never rejects.
 */
export async function loadVoices({ registry, router }: Party): Promise<void> {
  const resolver = new VoiceResolver(registry, false);
  const load = (speaker: string, context: string): Promise<void> =>
    answerOf(router, async () => router.load?.(resolver.voiceOf(speaker, {}), context));
  try {
    await load("dm", "narration");
    for (const { id } of registry.listCharacters().slice(0, MAX_CHARACTERS)) await load(id, "dialogue");
  } catch {
    // A registry or a router of somebody else's: their first line tells what is wrong with it.
  }
}

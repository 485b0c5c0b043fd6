import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

/** The default voices, read once: where they are not the folder's, no evening is the slower for reading them. */
export const voices: VoiceRegistry = await VoiceRegistry.open(memoryStore());

/** What the product loads when it needs it is here before time is virtual: reading files takes real time. */
export async function loadAll(): Promise<void> {
  await Promise.all([
    import("hono/jwt"),
    import("../../src/pool/pool.ts"),
    import("../../src/party/open-party.ts"),
    import("../../src/party/warm-up.ts"),
    import("../../src/core/text/passages.ts"),
    import("../../src/core/text/spoken/spoken-form.ts"),
    import("../../src/pool/child-host.ts"),
    import("../../src/engines/cache/create-speech-cache.ts"),
    import("../../src/voices/registry-file.ts"),
    import("../../src/client/session/dm20/dm20-session.ts"),
    import("../../src/core/clock/remote-clock.ts"),
  ]);
}

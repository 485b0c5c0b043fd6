import { deferred } from "../core/async/deferred.ts";
import type { Party } from "../party/party.ts";
import type { Listener } from "./runtime.ts";
import type { CloseOptions } from "./serve-options.ts";
import type { OpenSockets } from "./sockets/open-sockets.ts";

/** The part of the time that lines under way may take; the rest is for saying goodbye. */
export const LINES_SHARE = 0.75;
const DEFAULT_GRACE_MS = 5_000;

/**
 * The order in which a server ends: nothing new, lines under way, sockets (1001), workers, the listener.
 * Resolves within `graceMs`, whatever does not end by itself.
 */
export async function shutDown(
  server: { party: Pick<Party, "close">; sockets: OpenSockets; listener: Listener },
  { graceMs = DEFAULT_GRACE_MS }: CloseOptions,
): Promise<void> {
  const limit = deferred();
  const timer = setTimeout(limit.resolve, graceMs);
  const sayGoodbye = async (): Promise<void> => {
    await server.party.close({ graceMs: graceMs * LINES_SHARE });
    await server.sockets.none();
    await server.listener.stop();
  };
  let isOver = false;
  try {
    await Promise.race([sayGoodbye().then(() => (isOver = true)), limit.promise]);
  } finally {
    clearTimeout(timer);
    if (!isOver) server.listener.drop();
  }
}

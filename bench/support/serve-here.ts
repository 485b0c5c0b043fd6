import { importAdapter } from "../../src/cli/adapter.ts";
import type { BardcastServer, ServeOptions } from "../../src/server/serve-options.ts";

/** Serves on loopback, by the adapter of the runtime that runs this. */
export async function serveHere(options: ServeOptions): Promise<BardcastServer> {
  const { serve } = await importAdapter();
  return serve({ port: 0, host: "127.0.0.1", ...options });
}

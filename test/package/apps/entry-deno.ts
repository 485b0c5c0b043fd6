import { createParty, type Party } from "bardcast";
import { denoSockets, serve } from "bardcast/deno";
import { createApp } from "bardcast/hono";

/** Uses the types of both ways to serve on this runtime. */
export async function tables(): Promise<Party[]> {
  const { party } = await serve({ port: 0, players: ["thorin"] });
  const mounted = await createParty({ engines: ["espeak"] });
  createApp(mounted, denoSockets());
  return [party, mounted];
}

import { createParty, type Party } from "bardcast";
import { createApp } from "bardcast/hono";
import { nodeSockets, serve } from "bardcast/node";

/** Uses the types of both ways to serve on this runtime. */
export async function tables(): Promise<Party[]> {
  const { party } = await serve({ port: 0, players: ["thorin"] });
  const mounted = await createParty({ engines: ["espeak"] });
  createApp(mounted, nodeSockets());
  return [party, mounted];
}

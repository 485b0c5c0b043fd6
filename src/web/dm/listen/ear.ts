import { PartyClient, Player } from "../../../client/index.ts";
import type { TableSounds } from "../../place/table-sounds.ts";
import { OnDemand } from "../../shared/on-demand.ts";

/** Built beside this page's script. */
const WORKLET = new URL("assets/player.worklet.js", document.baseURI);

/** Hears a table, and its place, until it is closed. @param context made in a tap */
export function openEar(url: URL, context: AudioContext): () => void {
  const client = new PartyClient({ url });
  const player = new Player({ workletUrl: WORKLET, createContext: () => context });
  player.follow(client);
  player.unlock();
  let sounds: TableSounds | undefined;
  let isClosed = false;
  const onDemand = new OnDemand({
    sound: async () => {
      sounds = (await import("../../place/open-sounds.ts")).openSounds(client, url);
      if (isClosed) sounds.close();
      else sounds.listen({ context, gain: 1, trimMs: 0, line: undefined });
      return sounds;
    },
  });
  client.on("other", (message) => onDemand.take(message));
  client.connect();
  return () => {
    isClosed = true;
    sounds?.close();
    client.close();
    player.close();
  };
}

import { PartyClient, Player } from "../../../client/index.ts";

/** Built beside this page's script. */
const WORKLET = new URL("assets/player.worklet.js", document.baseURI);

/** Hears a table until it is closed. @param context made in a tap */
export function openEar(url: URL, context: AudioContext): () => void {
  const client = new PartyClient({ url });
  const player = new Player({ workletUrl: WORKLET, createContext: () => context });
  player.follow(client);
  player.unlock();
  client.connect();
  return () => {
    client.close();
    player.close();
  };
}

/** The element as a table serves it: one script for a page of somebody else's. @module */
import { BardcastPlayer, defineBardcastPlayer } from "../element/bardcast-player.ts";

/** Its worklet was built beside this script. */
class ServedPlayer extends BardcastPlayer {
  static override get workletUrl(): URL {
    return new URL("player.worklet.js", import.meta.url);
  }
}

defineBardcastPlayer(ServedPlayer);

/**
 * `<bardcast-player>`, defined by importing this. On a server importing it does nothing.
 *
 * ```ts
 * import { BardcastPlayer } from "bardcast/element";
 *
 * const player = new BardcastPlayer();
 * player.src = "https://party.example";
 * player.token = token;
 * document.body.append(player);
 * ```
 * @module bardcast/element
 */
import { defineBardcastPlayer } from "./bardcast-player.ts";

export {
  BardcastPlayer,
  type BardcastPlayerEvents,
  type ListenerState,
  type Problem,
} from "./bardcast-player.ts";

defineBardcastPlayer();

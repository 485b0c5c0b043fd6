import type { LinePlayer } from "./line-player.ts";
import type { PartyClient } from "./party-client.ts";
import type { Player } from "./player.ts";

/** What a player needs of a client. */
export type LineSource = Pick<PartyClient, "on" | "heard" | "change">;

/**
 * Lets a player play what a client hears, and the client tell what was heard. `wake`: there may be something
 * to do. Returns what ends it.
 */
export function follow(player: Player, lines: LinePlayer, client: LineSource, wake: () => void): () => void {
  const and =
    <Event>(take: (event: Event) => void) =>
    (event: Event): void => {
      take(event);
      wake();
    };
  const ears = [
    client.on("clip", (clip) => player.play(clip)),
    client.on(
      "begin",
      and((message) => lines.begin(message)),
    ),
    client.on("sentence", (message) => lines.sentence(message)),
    client.on(
      "frame",
      and((frame) => lines.frame(frame)),
    ),
    client.on(
      "fallback",
      and((message) => lines.fallback(message)),
    ),
    client.on(
      "cancel",
      and((message) => lines.cancel(message)),
    ),
    client.on(
      "end",
      and((message) => lines.end(message)),
    ),
    client.on(
      "forgotten",
      and((line) => lines.end(line)),
    ),
    player.on("heard", (report) => client.heard(report)),
    player.on("dropped", ({ clip, reason }) => {
      if (!clip && reason === "undecodable") client.change({ codec: "pcm16" });
    }),
  ];
  return () => {
    for (const stop of ears) stop();
  };
}

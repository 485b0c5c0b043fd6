import type { LinePlayer } from "./line-player.ts";
import type { PartyClient, PartyEvents } from "./party-client.ts";
import type { Player } from "./player.ts";

/** What a player needs of a client. */
export type LineSource = Pick<PartyClient, "on" | "heard" | "change">;

/**
 * Lets a player play what a client hears, and the client tell what was heard. `wake`: there may be something
 * to do. Returns what ends it.
 */
export function follow(player: Player, lines: LinePlayer, client: LineSource, wake: () => void): () => void {
  const on = <Name extends keyof PartyEvents>(name: Name, take: (event: PartyEvents[Name]) => void) =>
    client.on(name, (event) => {
      take(event);
      wake();
    });
  const ears = [
    client.on("clip", (clip) => player.play(clip)),
    client.on("sentence", (message) => lines.sentence(message)),
    on("begin", (message) => lines.begin(message)),
    on("move", (message) => lines.move(message)),
    on("frame", (frame) => lines.frame(frame)),
    on("fallback", (message) => lines.fallback(message)),
    on("cancel", (message) => lines.cancel(message)),
    on("end", (message) => lines.end(message)),
    on("forgotten", (line) => lines.end(line)),
    player.on("heard", (report) => client.heard(report)),
    player.on("dropped", ({ clip, reason }) => {
      if (!clip && reason === "undecodable") client.change({ codec: "pcm16" });
    }),
  ];
  return () => {
    for (const stop of ears) stop();
  };
}

import type { PartyClient } from "./party-client.ts";
import type { UtterancePlayer } from "./playout/utterance-player.ts";
import type { PartyEvents } from "./session/party-events.ts";

/** Where a player hears of lines. */
export type LineEars = Pick<PartyClient, "on">;

/** Lets lines sound as a client hears of them. `wake`: there may be something to do. Returns what ends it. */
export function followLines(lines: UtterancePlayer, client: LineEars, wake: () => void): () => void {
  const on = <Name extends keyof PartyEvents>(name: Name, take: (event: PartyEvents[Name]) => void) =>
    client.on(name, (event) => {
      take(event);
      wake();
    });
  const ears = [
    client.on("connected", ({ epoch }) => epoch !== undefined && lines.meet(epoch)),
    client.on("sentence", (message) => lines.sentence(message)),
    on("begin", (message) => lines.begin(message)),
    on("move", (message) => lines.move(message)),
    on("frame", (frame) => lines.frame(frame)),
    on("fallback", (message) => lines.fallback(message)),
    on("cancel", (message) => lines.cancel(message)),
    on("end", (message) => lines.end(message)),
    on("forgotten", (line) => lines.end(line)),
  ];
  return () => {
    for (const stop of ears) stop();
  };
}

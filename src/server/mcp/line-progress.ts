import type { ServerContext } from "@modelcontextprotocol/server";
import type { QueuedUtterance } from "../../core/protocol/api.ts";
import { progressWords } from "./tool-result.ts";

/** Tells a client that asked for it how far a line is: ms that whoever is furthest has heard. */
export class LineProgress {
  readonly #request: ServerContext["mcpReq"];
  #told = -1;

  constructor(request: ServerContext["mcpReq"]) {
    this.#request = request;
  }

  readonly tell = ({ players, durationMs, state }: QueuedUtterance): void => {
    const progressToken = this.#request._meta?.progressToken;
    const progress = Math.max(0, ...players.map(({ heardMs }) => heardMs));
    // Progress only ever rises.
    if (progressToken === undefined || progress <= this.#told) return;
    this.#told = progress;
    // Of a line that is still being made nobody knows how long it is.
    const total = state === "draining" ? { total: Math.max(durationMs, progress) } : {};
    const message = progressWords(players).join(" ");
    const params = { progressToken, progress, ...total, message };
    void this.#request.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

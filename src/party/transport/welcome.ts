import { MAX_MESSAGE_BYTES } from "../../core/protocol/messages.ts";
import { type WelcomeMessage, writeV2 } from "../../core/protocol/v2.ts";
import type { V2Connection } from "./connection.ts";

/**
 * What a client that said hello is answered.
 * @param silenceMs who says nothing for longer is gone
 */
export function welcomeTo(
  { player, role, v2 }: V2Connection,
  plan: Pick<WelcomeMessage, "epoch" | "offset" | "recovered" | "continues">,
  silenceMs: number,
): string {
  return writeV2({
    type: "welcome",
    player,
    role: role === "dm" ? role : "player",
    ...plan,
    limits: { sendAheadMs: v2.sendAheadMs, messageBytes: MAX_MESSAGE_BYTES, silenceMs },
  });
}

import type { Dm20ServerMessage } from "../../../core/protocol/dm20.ts";
import { isAmount, isCount, isText, oneOf, optional, parseShaped, type Shapes } from "../shapes.ts";

const speaker = {
  speaker: optional(isText),
  speaker_name: optional(isText),
  colour: optional(isText),
};

const SHAPES: Shapes<Dm20ServerMessage> = {
  connected: { player_id: isText, timestamp: isText },
  audio: {
    format: oneOf("wav", "opus", "mp3"),
    data: isText,
    sequence: isCount,
    total_chunks: isCount,
    sample_rate: isAmount,
    duration_ms: isAmount,
  },
  narrative: { id: isText, timestamp: isText, content: isText, ...speaker },
  private: { id: isText, timestamp: isText, content: isText, from: isText, ...speaker },
  system: { content: isText, timestamp: isText },
  ping: {},
};

/** One message of a dm20 server; undefined for what is malformed or of a type not known here. */
export function parseDm20Message(data: unknown): Dm20ServerMessage | undefined {
  const message = parseShaped(SHAPES, data);
  return message?.type === "other" ? undefined : message;
}

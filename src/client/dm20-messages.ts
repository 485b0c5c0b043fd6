import type { Dm20ServerMessage } from "../core/dm20.ts";

type Check = (value: unknown) => boolean;
type Shapes = {
  [Type in Dm20ServerMessage["type"]]: Record<
    Exclude<keyof Extract<Dm20ServerMessage, { type: Type }>, "type">,
    Check
  >;
};

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount: Check = (value) => Number.isFinite(value) && (value as number) >= 0;
const isFormat: Check = (value) => value === "wav" || value === "opus" || value === "mp3";

const SHAPES: Shapes = {
  connected: { player_id: isText, timestamp: isText },
  audio: {
    format: isFormat,
    data: isText,
    sequence: isCount,
    total_chunks: isCount,
    sample_rate: isAmount,
    duration_ms: isAmount,
  },
  narrative: { id: isText, timestamp: isText, content: isText },
  private: { id: isText, timestamp: isText, content: isText, from: isText },
  system: { content: isText, timestamp: isText },
  ping: {},
};

/**
 * One message of a dm20 server; undefined for what is malformed or of a type not known here. Checked by
 * hand, because a schema library would weigh more than this whole client.
 */
export function parseDm20Message(data: unknown): Dm20ServerMessage | undefined {
  if (typeof data !== "string") return undefined;
  let message: unknown;
  try {
    message = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof message !== "object" || message === null) return undefined;
  const fields = message as Record<string, unknown>;
  if (typeof fields.type !== "string" || !Object.hasOwn(SHAPES, fields.type)) return undefined;
  const checks = Object.entries(SHAPES[fields.type as Dm20ServerMessage["type"]]);
  return checks.every(([key, check]) => check(fields[key])) ? (message as Dm20ServerMessage) : undefined;
}

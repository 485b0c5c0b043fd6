import { BardcastError } from "../../core/errors.ts";
import {
  ANYTHING,
  either,
  FLAG,
  type Kinds,
  listOf,
  NUMBER,
  OBJECT,
  oneOf,
  requireFields,
  TEXT,
  TEXTS,
} from "../../core/field-kinds.ts";
import { REVEALS } from "../../core/protocol/table-settings.ts";
import { OMITTABLE } from "../../core/text/omit.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** Every field that a program may give; voices are looked at by who finds them, texts by who reads them. */
const FIELDS: Kinds<keyof UtteranceRequest | "encodings"> = {
  text: ANYTHING,
  to: either(oneOf("all"), TEXTS),
  speaker: TEXT,
  npc: OBJECT,
  voice: ANYTHING,
  context: TEXT,
  priority: NUMBER,
  reveal: oneOf(...REVEALS),
  speech: FLAG,
  interrupt: oneOf(true, false, "drop"),
  sendText: FLAG,
  omit: listOf(oneOf(...OMITTABLE)),
  stageDirections: oneOf("shown", "said"),
  cast: oneOf("from text"),
  encodings: listOf(oneOf("dm20", "opus", "opus-low", "pcm16")),
  signal: ["an AbortSignal", (value) => value instanceof AbortSignal],
  id: ["32 hex digits", (value) => typeof value === "string" && /^[0-9a-f]{32}$/.test(value)],
  service: TEXT,
};
const NPC_FIELDS: Kinds = { race: TEXT, gender: TEXT };

/** Finds what no type checker has seen in a line that is to be said. @throws BardcastError `bad-request`, naming the field */
export function checkRequest(request: unknown): void {
  const { npc, speaker } = requireFields("", request, FIELDS);
  if (npc === undefined) return;
  requireFields("npc.", npc, NPC_FIELDS);
  if (speaker === undefined) throw new BardcastError("bad-request", "speaker: expected the name of the NPC");
}

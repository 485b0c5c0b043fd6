import { jsonCopy } from "../../core/json-copy.ts";
import type { SayAgain } from "../../core/protocol/speak-request.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** Characters of JSON that a line's own voice may have and still be kept. */
const MAX_VOICE_CHARS = 4_096;

/**
 * What a request has to be asked for anew with, so that it sounds as it did; undefined where its voice cannot be kept.
 * @param request clean, and checked
 */
export function sayAgainOf(request: Omit<UtteranceRequest, "text" | "to">): SayAgain | undefined {
  const { speaker = "dm", npc, context, priority, reveal, speech, omit, stageDirections, cast } = request;
  const voice = request.voice === undefined ? {} : jsonCopy(request.voice, MAX_VOICE_CHARS);
  if (!voice) return undefined;
  const { race, gender } = npc ?? {};
  return {
    ...(npc ? { npc: defined({ name: speaker, race, gender }) } : { speaker }),
    ...defined({ context, priority, reveal, speech, omit, stageDirections, cast }),
    ...("value" in voice ? { voice: voice.value } : {}),
  };
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

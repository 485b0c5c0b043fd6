import type { SayAgain } from "../../core/protocol/speak-request.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** Characters of JSON that a line's own voice may have and still be kept. */
const MAX_VOICE_CHARS = 4_096;

/**
 * What a request has to be asked for anew with, so that it sounds as it did; undefined where its voice cannot be kept.
 * @param request clean, and checked
 */
export function sayAgainOf(request: Omit<UtteranceRequest, "text" | "to">): SayAgain | undefined {
  const { speaker = "dm", npc, context, priority, omit, stageDirections } = request;
  const voice = keptVoice(request.voice);
  if (voice === undefined) return undefined;
  const { race, gender } = npc ?? {};
  return {
    ...(npc ? { npc: defined({ name: speaker, race, gender }) } : { speaker }),
    ...defined({ context, priority, omit, stageDirections }),
    ...voice,
  };
}

/** As JSON has it: it may be anybody's object, and somebody may go on to change it. */
function keptVoice(voice: unknown): { voice?: unknown } | undefined {
  if (voice === undefined) return {};
  try {
    const text = JSON.stringify(voice);
    return text.length <= MAX_VOICE_CHARS ? { voice: JSON.parse(text) } : undefined;
  } catch {
    return undefined;
  }
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

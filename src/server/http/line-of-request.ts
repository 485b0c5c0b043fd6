import type { SpeakRequest } from "../../core/protocol/speak-request.ts";
import type { UtteranceRequest } from "../../party/request/utterance.ts";

/** The line that a request asks for; its text may still be being written. */
export function lineOf(
  request: Omit<SpeakRequest, "text"> & { text: UtteranceRequest["text"] },
): UtteranceRequest & { to: SpeakRequest["to"] } {
  const { npc, speaker, text, to, ...rest } = request;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const name = npc?.name ?? speaker;
  return {
    ...(given as Pick<
      UtteranceRequest,
      "context" | "priority" | "voice" | "interrupt" | "omit" | "stageDirections"
    >),
    text,
    to,
    ...(name === undefined ? {} : { speaker: name }),
    ...(npc ? { npc: { race: npc.race, gender: npc.gender } } : {}),
  };
}

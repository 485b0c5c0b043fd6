import { cleaned, cleanText } from "../../core/clean-text.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** The same with clean text; a text that is still being written is cleaned as it comes. */
export function cleanRequest<L extends Pick<UtteranceRequest, "text" | "speaker" | "npc" | "context">>(
  line: L,
): L {
  const { text, speaker, npc, context } = line;
  const words = cleaned({ speaker, npc, context }) as Pick<UtteranceRequest, "speaker" | "npc" | "context">;
  return {
    ...line,
    text: typeof text === "string" ? cleanText(text) : text,
    ...Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)),
  };
}

/** Why it is said: an NPC speaks in dialogue. */
export function contextOf({ context, npc }: Pick<UtteranceRequest, "context" | "npc">): string {
  return context ?? (npc ? "dialogue" : "default");
}

import { cleaned, cleanText } from "../../core/clean-text.ts";
import { withoutThoughts } from "../../core/text/omit.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** The same with clean text, without what is to be left out; a text that is still being written is cleaned as it comes. */
export function cleanRequest<
  L extends Pick<UtteranceRequest, "text" | "speaker" | "npc" | "context" | "omit">,
>(line: L): L {
  const { text, speaker, npc, context, omit } = line;
  const leaveOut = omit?.includes("think") ? withoutThoughts : (text: string) => text;
  const words = cleaned({ speaker, npc, context }) as Pick<UtteranceRequest, "speaker" | "npc" | "context">;
  return {
    ...line,
    text: typeof text === "string" ? leaveOut(cleanText(text)) : text,
    ...Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)),
  };
}

/** Why it is said: an NPC speaks in dialogue. */
export function contextOf({ context, npc }: Pick<UtteranceRequest, "context" | "npc">): string {
  return context ?? (npc ? "dialogue" : "default");
}

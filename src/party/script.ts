import type { TextSource } from "../core/sentences.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { LineHead } from "./line-record.ts";
import type { Rank } from "./listening.ts";
import type { Audience } from "./utterance.ts";

/** A line with everything decided: who speaks, in which voice, to whom, and when. */
export interface Script {
  id: string;
  text: TextSource;
  to: Audience;
  speaker: string;
  voice: VoiceConfig;
  /** The voices of NPCs that the text itself names. */
  voiceNamed: (name: string) => VoiceConfig;
  context: string;
  priority: number;
  /** Order of arrival. */
  order: number;
  /** Lines of lower priority make way; `drop`: for good. */
  interrupt: boolean | "drop";
  sendText: boolean;
}

/** When the line's turn comes on a connection. */
export function rankOf({ priority, order, interrupt }: Script): Rank {
  return { priority, order, interrupts: interrupt !== false };
}

/** What the v2 wire says of the line as a whole. */
export function headOf({ id, to, speaker, voice, priority, interrupt }: Script): LineHead {
  const { language, speed, pitch } = voice;
  const isPrivate = to !== "all";
  return {
    utterance: id,
    speaker,
    private: isPrivate,
    priority,
    language,
    speed,
    pitch,
    interrupt: interrupt !== false,
  };
}

/** The line's text as dm20 has it; a text that arrives in pieces has an id for each. */
export function dm20Text({ id, to, speaker, text }: Script, content: string, index: number): string {
  const timestamp = new Date().toISOString();
  const head = { id: typeof text === "string" ? id : `${id}.${index}`, timestamp, content };
  return JSON.stringify(
    to === "all" ? { type: "narrative", ...head } : { type: "private", ...head, from: speaker },
  );
}

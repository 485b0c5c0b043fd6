import type { WireError } from "../core/errors.ts";
import type { TextSource } from "../core/sentences.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { Rank } from "./rank.ts";
import type { Audience } from "./utterance.ts";
import type { LineHead } from "./utterance-head.ts";

/** A line with everything decided: who speaks, in which voice, to whom, and when. */
export interface Script {
  id: string;
  text: TextSource;
  to: Audience;
  speaker: string;
  voice: VoiceConfig;
  /** The voices of NPCs that the text itself names. */
  voiceNamed: (name: string) => VoiceConfig;
  /** What went wrong when voices were looked up; it may grow. */
  problems: readonly WireError[];
  context: string;
  priority: number;
  /** Order of arrival. */
  order: number;
  /** Lines of lower priority make way; `drop`: for good. */
  interrupt: boolean | "drop";
  sendText: boolean;
}

/** Whether it is for some players only. */
export function isPrivate({ to }: { to: Audience }): boolean {
  return to !== "all";
}

/** When the line's turn comes on a connection. */
export function rankOf({ priority, order, interrupt }: Script): Rank {
  return { priority, order, interrupts: interrupt !== false };
}

/** What the v2 wire says of the line as a whole. */
export function headOf(script: Script): LineHead {
  const { id, speaker, voice, priority, interrupt } = script;
  const { language, speed, pitch } = voice;
  return {
    utterance: id,
    speaker,
    private: isPrivate(script),
    priority,
    language,
    speed,
    pitch,
    interrupt: interrupt !== false,
  };
}

/** The line's text as dm20 has it. @param index of the piece, where it has several: each has an id of its own */
export function dm20Text(script: Script, content: string, index: number | undefined): string {
  const { id, speaker } = script;
  const timestamp = new Date().toISOString();
  const head = { id: index === undefined ? id : `${id}.${index}`, timestamp, content };
  return JSON.stringify(
    isPrivate(script) ? { type: "private", ...head, from: speaker } : { type: "narrative", ...head },
  );
}

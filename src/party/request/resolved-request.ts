import type { WireError } from "../../core/errors.ts";
import type { ReadingOptions } from "../../core/text/reading-options.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { Rank } from "../transport/rank.ts";
import type { Audience } from "./utterance.ts";
import type { UtteranceHead } from "./utterance-head.ts";

/** A line with everything decided: who speaks, in which voice, to whom, and when. */
export interface ResolvedRequest extends ReadingOptions {
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
export function rankOf({ priority, order, interrupt }: ResolvedRequest): Rank {
  return { priority, order, interrupts: interrupt !== false };
}

/** What the v2 wire says of the line as a whole. */
export function headOf(request: ResolvedRequest): UtteranceHead {
  const { id, speaker, voice, priority, interrupt } = request;
  const { language, speed, pitch } = voice;
  return {
    utterance: id,
    speaker,
    private: isPrivate(request),
    priority,
    language,
    speed,
    pitch,
    interrupt: interrupt !== false,
  };
}

/** The line's text as dm20 has it. @param index of the piece, where it has several: each has an id of its own */
export function dm20Text(request: ResolvedRequest, content: string, index: number | undefined): string {
  const { id, speaker } = request;
  const timestamp = new Date().toISOString();
  const head = { id: index === undefined ? id : `${id}.${index}`, timestamp, content };
  return JSON.stringify(
    isPrivate(request) ? { type: "private", ...head, from: speaker } : { type: "narrative", ...head },
  );
}

import type { SpeechBeginMessage } from "../core/v2.ts";

/** What `speech.begin` says besides the audio's form. */
export type LineHead = Pick<
  SpeechBeginMessage,
  "utterance" | "speaker" | "private" | "priority" | "language" | "speed" | "pitch"
> & { interrupt: boolean };

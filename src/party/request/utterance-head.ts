import type { SpeechBeginMessage } from "../../core/protocol/v2.ts";

/** What `speech.begin` says besides the audio's form. */
export type UtteranceHead = Pick<
  SpeechBeginMessage,
  "utterance" | "speaker" | "private" | "priority" | "language" | "speed" | "pitch"
> & { interrupt: boolean };

import type { SpeechBeginMessage } from "../../core/protocol/v2.ts";

/** A voice that does not begin within so long never will. */
const START_MS = 3_000;

/** How a sentence is to be read out. */
export type Manner = Pick<SpeechBeginMessage, "language" | "speed" | "pitch"> & {
  /** 0…1 */
  volume: number;
};

export interface VoiceEvents {
  /** A word begins: UTF-16 units into the text. */
  word(charStart: number): void;
  end(): void;
  /** There is no voice, or it broke. */
  failed(): void;
}

/** Reads a text out; returns what stops it. After that no event follows, as after `end` and `failed`. */
export type ReadAloud = (text: string, manner: Manner, events: VoiceEvents) => () => void;

/** The browser's own voice, matched to the utterance's language, speed and pitch. */
export const browserVoice: ReadAloud = (text, manner, events) => {
  const { speechSynthesis: synthesis } = globalThis;
  let done = false;
  const once = (tell: () => void) => (): void => {
    clearTimeout(timeout);
    if (!done) tell();
    done = true;
  };
  const fail = once(events.failed);
  const timeout = setTimeout(() => {
    synthesis?.cancel();
    fail();
  }, START_MS);
  const voice = synthesis && voiceFor(synthesis.getVoices(), manner.language);
  if (!synthesis || voice === null) {
    queueMicrotask(fail);
    return once(() => undefined);
  }
  const utterance = new SpeechSynthesisUtterance(withoutMarks(text));
  utterance.voice = voice ?? null;
  utterance.lang = manner.language;
  utterance.rate = Math.min(10, Math.max(0.1, manner.speed));
  utterance.pitch = Math.min(2, 2 ** (manner.pitch / 12));
  utterance.volume = manner.volume;
  utterance.onstart = () => clearTimeout(timeout);
  utterance.onboundary = ({ charIndex }) => done || events.word(charIndex);
  utterance.onend = once(events.end);
  utterance.onerror = fail;
  synthesis.speak(utterance);
  return once(() => synthesis.cancel());
};

/** The best for the language; null where there are voices, but none for it; undefined: the browser's choice. */
function voiceFor(
  voices: readonly SpeechSynthesisVoice[],
  language: string,
): SpeechSynthesisVoice | null | undefined {
  // Android names its voices late.
  if (voices.length === 0) return undefined;
  const wanted = language.toLowerCase();
  const [primary] = wanted.split("-");
  const tagOf = ({ lang }: SpeechSynthesisVoice): string => lang.toLowerCase().replace("_", "-");
  const exact = voices.find((voice) => tagOf(voice) === wanted);
  return exact ?? voices.find((voice) => tagOf(voice).split("-")[0] === primary) ?? null;
}

/** Markdown is for the eye; spaces in its place keep every word where it stands. */
function withoutMarks(text: string): string {
  return text.replace(/[*_~`#>]/gu, " ");
}

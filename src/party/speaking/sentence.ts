import type { WireError } from "../../core/errors.ts";
import { MAX_PAUSE_MS } from "../../core/text/markup-token.ts";
import { type Passage, passagesOf } from "../../core/text/passages.ts";
import type { TextSource } from "../../core/text/sentences.ts";
import { type Speakable, speakable } from "../../core/text/speakable.ts";
import { PLAIN, type SpeakingStyle } from "../../core/text/speaking-style.ts";
import { spelled } from "../../core/text/spelled.ts";
import type { Encoding, SentenceJob } from "../../engines/contract/sentence-job.ts";
import { spokenTag } from "../../engines/contract/spoken-language.ts";
import type { RouteOptions } from "../../engines/routing/router.ts";
import { inStyle } from "../../voices/in-manner.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import { ScriptCutter } from "./script-cutter.ts";

/** One sentence of a line, or as much of one as is said in one manner. */
export interface Sentence {
  /** From 0, counted over all sentences of the text. */
  index: number;
  /** As it is shown. */
  shown: string;
  /** As it is said; empty for a pause at the end of the text. */
  spoken: Speakable;
  manner: SpeakingStyle;
  /** ms of silence before it. */
  pauseMs: number;
  /** Whether any of it is to be heard, if only silence. */
  isSpoken: boolean;
}

/**
 * A text's sentences as they become complete, and in the end the silence that is still due.
 * @throws BardcastError `text-too-long`, `text-empty`, as `passagesOf`
 */
export async function* sentencesOf(
  text: TextSource,
  options: {
    language: string;
    /** The language of what is said in a manner; by default `language`. */
    languageOf?: (manner: SpeakingStyle) => string;
    maxChars: number;
    signal?: AbortSignal;
  },
): AsyncGenerator<Sentence, void, undefined> {
  const reader = new SentenceReader();
  const scripts = new ScriptCutter(options.languageOf ?? (() => options.language));
  for await (const passage of passagesOf(text, options)) yield* scripts.cut(reader.read(passage));
  for (const rest of reader.rest()) yield* scripts.cut(rest);
}

/** Numbers a text's sentences, and tells what there is to say of each. */
class SentenceReader {
  #next = 0;
  /** ms of silence due before the next sentence that is spoken. */
  #pauseMs = 0;

  read({ text: shown, manner, pauseMs }: Passage): Sentence {
    this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs + pauseMs);
    const said = speakable(shown);
    const isSpoken = said.text !== "" || shown === "";
    const sentence = {
      index: shown === "" ? this.#next : this.#next++,
      shown,
      spoken: manner.spelled ? spelled(said) : said,
      manner,
      pauseMs: this.#pauseMs,
      isSpoken,
    };
    if (isSpoken) this.#pauseMs = 0;
    return sentence;
  }

  /** What is left when the text has ended: silence, if any. */
  rest(): Sentence[] {
    return this.#pauseMs > 0 ? [this.read({ text: "", manner: PLAIN, pauseMs: 0 })] : [];
  }
}

/** Whose voices a line is said in. */
export interface SpeakerVoices {
  voice: VoiceConfig;
  /** The voices of NPCs that the text itself names. */
  voiceNamed: (name: string) => VoiceConfig;
  /** What went wrong when they were looked up; it grows while the text names more of them. */
  problems: readonly WireError[];
}

/** In which language something is said that is said in a manner, BCP 47. */
export function languageIn(
  { voice, voiceNamed }: Pick<SpeakerVoices, "voice" | "voiceNamed">,
  { voice: name }: SpeakingStyle,
): string {
  return spokenTag(name === undefined ? voice : voiceNamed(name));
}

/** What a router has to know of a sentence, besides the order. @param speaker whose line it is */
export function routeOf(
  { manner }: Pick<Sentence, "manner">,
  { speaker, context }: { speaker: string; context: string },
): Pick<RouteOptions, "context" | "speaker" | "onlyLanguage"> {
  const { voice, language } = manner;
  return {
    context,
    speaker: voice ?? speaker,
    ...(language === undefined ? {} : { onlyLanguage: language }),
  };
}

/** The order to speak a sentence. @param aheadMs of sound that its listeners still have */
export function jobOf(
  { spoken, manner, pauseMs }: Pick<Sentence, "spoken" | "manner" | "pauseMs">,
  { voice, voiceNamed }: Pick<SpeakerVoices, "voice" | "voiceNamed">,
  options: Pick<UtteranceLimits, "chunkBytes" | "bitrates"> & {
    encodings: readonly Encoding[];
    aheadMs: number;
  },
): SentenceJob {
  const { voice: name, gainDb = 0 } = manner;
  const { encodings, chunkBytes, bitrates, aheadMs } = options;
  return {
    text: spoken.text,
    voice: inStyle(name === undefined ? voice : voiceNamed(name), manner),
    encodings,
    chunkBytes,
    bitrates,
    aheadMs,
    ...(pauseMs === 0 ? {} : { pauseMs }),
    ...(gainDb === 0 ? {} : { gainDb }),
  };
}

import type { Manner } from "../core/manner.ts";
import { MAX_PAUSE_MS } from "../core/mark.ts";
import type { Passage } from "../core/passages.ts";
import { type Speakable, speakable } from "../core/speakable.ts";
import { spelled } from "../core/spelled.ts";
import type { Encoding, SentenceJob } from "../engines/sentence-job.ts";
import { inManner } from "../voices/in-manner.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { PerformanceLimits } from "./backstage.ts";

/** One sentence of a line, or as much of one as is said in one manner. */
export interface Sentence {
  /** From 0, counted over all sentences of the text. */
  index: number;
  /** As it is shown. */
  shown: string;
  /** As it is said; empty for a pause at the end of the text. */
  spoken: Speakable;
  manner: Manner;
  /** ms of silence before it. */
  pauseMs: number;
}

/** Numbers a text's sentences, and tells what there is to say of each. */
export class SentenceReader {
  #next = 0;
  /** ms of silence due before the next sentence that is spoken. */
  #pauseMs = 0;

  /** `isSpoken`: whether any of it is to be heard, if only silence. */
  read({ text: shown, manner, pauseMs }: Passage): Sentence & { isSpoken: boolean } {
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

  /** ms of silence that are still due when the text has ended. */
  get restMs(): number {
    return this.#pauseMs;
  }
}

/** Whose voices a line is said in. */
export interface Parts {
  voice: VoiceConfig;
  /** The voices of NPCs that the text itself names. */
  voiceNamed: (name: string) => VoiceConfig;
}

/** The order to speak a sentence. @param aheadMs of sound that its listeners still have */
export function jobOf(
  { spoken, manner, pauseMs }: Pick<Sentence, "spoken" | "manner" | "pauseMs">,
  { voice, voiceNamed }: Parts,
  options: Pick<PerformanceLimits, "chunkBytes" | "bitrates"> & {
    encodings: readonly Encoding[];
    aheadMs: number;
  },
): SentenceJob {
  const { voice: name, gainDb = 0 } = manner;
  const { encodings, chunkBytes, bitrates, aheadMs } = options;
  return {
    text: spoken.text,
    voice: inManner(name === undefined ? voice : voiceNamed(name), manner),
    encodings,
    chunkBytes,
    bitrates,
    aheadMs,
    ...(pauseMs === 0 ? {} : { pauseMs }),
    ...(gainDb === 0 ? {} : { gainDb }),
  };
}

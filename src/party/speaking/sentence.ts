import type { WireError } from "../../core/errors.ts";
import { MAX_PAUSE_MS } from "../../core/text/markup-token.ts";
import { type Passage, passagesOf } from "../../core/text/passages.ts";
import type { Patience } from "../../core/text/patience.ts";
import type { ReadingOptions } from "../../core/text/reading-options.ts";
import { PLAIN, type SpeakingStyle } from "../../core/text/speaking-style.ts";
import { spelled } from "../../core/text/spelled.ts";
import { type Speakable, type StageDirections, spokenOf } from "../../core/text/spoken.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import type { Encoding, SentenceJob } from "../../engines/contract/sentence-job.ts";
import { inStyle } from "../../voices/in-manner.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";

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
  options: ReadingOptions & { language: string; maxChars: number; patience?: Patience; signal?: AbortSignal },
): AsyncGenerator<Sentence, void, undefined> {
  const reader = new SentenceReader(options.stageDirections);
  for await (const passage of passagesOf(text, options)) yield reader.read(passage);
  yield* reader.rest();
}

/** Numbers a text's sentences, and tells what there is to say of each. */
class SentenceReader {
  readonly #stageDirections: StageDirections | undefined;
  #next = 0;
  /** ms of silence due before the next sentence that is spoken, because the text asks for it… */
  #pauseMs = 0;
  /** …and at least, because an item, a row or a heading has ended. */
  #breakMs = 0;
  #hasSpoken = false;

  constructor(stageDirections: StageDirections | undefined) {
    this.#stageDirections = stageDirections;
  }

  read({ text: shown, pieces, manner, pauseMs, breakMs }: Passage): Sentence {
    this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs + pauseMs);
    // Before the first sentence nothing has ended.
    this.#breakMs = this.#hasSpoken ? Math.max(this.#breakMs, breakMs) : 0;
    const said = spokenOf(shown, pieces, this.#stageDirections);
    const isSpoken = said.text !== "" || shown === "";
    const sentence = {
      index: shown === "" ? this.#next : this.#next++,
      shown,
      spoken: manner.spelled ? spelled(shown, said) : said,
      manner,
      pauseMs: Math.max(this.#pauseMs, shown === "" ? 0 : this.#breakMs),
      isSpoken,
    };
    if (!isSpoken) return sentence;
    this.#pauseMs = 0;
    this.#breakMs = 0;
    this.#hasSpoken = true;
    return sentence;
  }

  /** What is left when the text has ended: silence, if any. */
  rest(): Sentence[] {
    return this.#pauseMs > 0
      ? [this.read({ text: "", pieces: [], manner: PLAIN, pauseMs: 0, breakMs: 0 })]
      : [];
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

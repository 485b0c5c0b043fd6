import type { Patience } from "../../core/text/patience.ts";
import type { OpusBitrates } from "../../engines/contract/sentence-job.ts";

export interface UtteranceLimits {
  /** Characters in an utterance. */
  maxChars: number;
  /** How long a sentence that has ended waits for what follows, while the text is still being written. */
  patience: Patience;
  /** Bytes of a dm20 clip in one chunk, before base64. */
  chunkBytes: number;
  bitrates: OpusBitrates;
  /** Bytes of speech kept for listeners who are behind; beyond it they lose the oldest. */
  retainBytes: number;
  /** ms for which v2 speech is kept for listeners who come back. */
  keepMs: number;
  /** ms for which an utterance waits for a listener who lost the connection. */
  resumeMs: number;
}

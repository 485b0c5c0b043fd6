import type { Turnstile } from "../core/turn.ts";
import type { TTSRouter } from "../engines/router.ts";
import type { OpusBitrates } from "../engines/sentence-job.ts";
import type { Journal } from "./journal.ts";

export interface PerformanceLimits {
  /** Characters in a line. */
  maxChars: number;
  /** Bytes of a dm20 clip in one chunk, before base64. */
  chunkBytes: number;
  bitrates: OpusBitrates;
  /** Bytes of speech kept for listeners who are behind; beyond it they lose the oldest. */
  retainBytes: number;
  /** ms for which v2 speech is kept for listeners who come back. */
  keepMs: number;
  /** ms for which a line waits for a listener who lost the connection. */
  resumeMs: number;
}

/** What a line needs of the stage it is performed on. */
export interface Backstage {
  router: Pick<TTSRouter, "speak">;
  turns: Turnstile;
  journal: Journal;
  limits: PerformanceLimits;
  /** A line was taken off the stage. */
  cancelled: () => void;
}

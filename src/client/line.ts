import type { Clip } from "../core/dm20.ts";

/** What was said, as text. */
export interface Line {
  id: string;
  content: string;
  /** Not for everyone's ears. */
  private: boolean;
  /** Who whispered; known of private lines only. */
  from?: string;
  /** ISO 8601 */
  timestamp: string;
}

/** One playable file and the id of the line it belongs to. */
export interface LineClip extends Clip {
  line?: string;
}

import type { ReadingOptions } from "../text/reading-options.ts";

/** Body of `POST /api/speak` and `POST /api/prepare`, and with `text` left out its query parameters. */
export interface SpeakRequest extends ReadingOptions {
  text: string;
  to: "all" | string[];
  speaker?: string | undefined;
  npc?: { name: string; race?: string | undefined; gender?: string | undefined } | undefined;
  context?: string | undefined;
  priority?: number | undefined;
  /** Checked where voices are known. */
  voice?: unknown;
  interrupt?: boolean | "drop" | undefined;
}

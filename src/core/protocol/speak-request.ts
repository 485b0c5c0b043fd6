/** Everybody who listens, or the players named. */
export type Audience = "all" | readonly string[];

/** Body of `POST /api/speak` and `POST /api/prepare`, and with `text` left out its query parameters. */
export interface SpeakRequest {
  text: string;
  to: Audience;
  speaker?: string | undefined;
  npc?: { name: string; race?: string | undefined; gender?: string | undefined } | undefined;
  context?: string | undefined;
  priority?: number | undefined;
  /** Checked where voices are known. */
  voice?: unknown;
  interrupt?: boolean | "drop" | undefined;
}

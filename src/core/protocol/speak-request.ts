import type { ReadingOptions } from "../text/reading-options.ts";
import type { Reveal } from "./table-settings.ts";

/** Everybody who listens, or the players named. */
export type Audience = "all" | readonly string[];

/** An NPC, and what its voice follows where it has none of its own. */
export interface Npc {
  name: string;
  race?: string | undefined;
  gender?: string | undefined;
}

/** Body of `POST /api/speak` and `POST /api/prepare`, and with `text` left out its query parameters. */
export interface SpeakRequest extends ReadingOptions {
  text: string;
  to: Audience;
  speaker?: string | undefined;
  npc?: Npc | undefined;
  context?: string | undefined;
  priority?: number | undefined;
  /** Checked where voices are known. */
  voice?: unknown;
  /** When its text appears on players' pages; by default as the table has it. */
  reveal?: Reveal | undefined;
  /** False: it is only read. True: it is spoken though the table's setting says otherwise. */
  speech?: boolean | undefined;
  interrupt?: boolean | "drop" | undefined;
}

/**
 * All that makes a line what it is, but its text and its audience: `POST /api/speak` with `{ text, to, ...again }` says it
 * again, by the same speaker, in the same scene and voice. Whether it interrupted others is not part of it.
 */
export interface SayAgain extends Omit<SpeakRequest, "text" | "to" | "interrupt"> {
  /** With its tags, where the text was given bit by bit and what is told of it is as it was shown. */
  text?: string;
}

import { BardcastError } from "../../core/errors.ts";
import { isBlank, noText, type TextSource } from "../../core/text/text-source.ts";
import { CONTEXTS } from "../../engines/routing/tiers.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** What a line is checked against. */
export interface KnownThings {
  /** Who has a seat, and whether somebody is connected without one; undefined where listeners are somebody else's. */
  seats: { has(player: string): boolean; readonly players: readonly string[] } | undefined;
  isHere: (player: string) => boolean;
  /** Whether the router is somebody else's, who may know other contexts. */
  isOtherRouter: boolean;
}

/**
 * Finds mistakes that would make a line reach nobody, or sound as nobody meant it.
 * @throws BardcastError `unknown-player`, `bad-request`
 */
export function checkLine(
  { to = "all", context }: Pick<UtteranceRequest, "to" | "context">,
  { seats, isHere, isOtherRouter }: KnownThings,
): void {
  if (to !== "all" && to.length === 0)
    throw new BardcastError("bad-request", 'to: there is nobody in it; name a player, or write "all"');
  const strangers =
    to === "all" || !seats ? [] : to.filter((player) => !seats.has(player) && !isHere(player));
  if (strangers.length > 0) {
    const seated = seats?.players.join(", ") || "nobody";
    const message = `nobody here is called ${strangers.join(", ")}; seated: ${seated}`;
    throw new BardcastError("unknown-player", message);
  }
  if (context === undefined || isOtherRouter || CONTEXTS.some((known) => known === context)) return;
  const known = CONTEXTS.join(", ");
  throw new BardcastError("bad-request", `context: there is none called "${context}"; there is: ${known}`);
}

/** Every listener is sent it with every utterance. */
const MAX_SPEAKER_CHARS = 200;

/** @throws BardcastError `bad-request` where a speaker's name is too long */
export function requireShort(speaker: string): void {
  if (speaker.length <= MAX_SPEAKER_CHARS) return;
  const message = `the speaker's name has ${speaker.length} characters; ${MAX_SPEAKER_CHARS} are allowed`;
  throw new BardcastError("bad-request", message);
}

/** A text that is there already; of one that is still being written it shows while it is read. @throws BardcastError `text-empty`, `text-too-long` */
export function requireSpeakable(text: TextSource, maxChars: number): void {
  if (typeof text !== "string") return;
  if (isBlank(text)) throw noText();
  if (text.length <= maxChars) return;
  throw new BardcastError("text-too-long", `the text has ${text.length} characters; ${maxChars} are allowed`);
}

import type { Answer } from "../../core/protocol/answers.ts";
import { displayName, displayNames } from "../shared/names.ts";
import type { SeatView } from "./seat-view.ts";

/** How things stand, in words a player at a table understands. */
export function standing({ connection, player, sound, muted, volume, isReplay }: SeatView): string {
  switch (connection) {
    case "connecting":
    case "waiting":
      return player === undefined ? "Finding the table…" : "Out of touch";
    case "refused":
    case "closed":
      return "Not at the table";
    case "open":
      if (sound === "locked") return "At the table, no sound yet";
      if (sound !== "running") return "Sound is paused";
      if (isReplay) return "Hearing it again";
      return muted || volume === 0 ? "Muted" : "Listening";
  }
}

/** How long the table has been silent, in steps: 5, 10, 20, 30 seconds, then minutes. */
export function silenceWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const step = [30, 20, 10, 5].find((each) => seconds >= each) ?? 0;
  const time = minutes > 0 ? `${minutes} ${minutes === 1 ? "minute" : "minutes"}` : `${step} seconds`;
  return `No word from the table for ${time}.`;
}

/** Where the sound is, at a table with loudspeakers; undefined where every device has it. */
export function loudspeakerWords({
  loudspeaker,
  loudspeakers,
}: Pick<SeatView, "loudspeaker" | "loudspeakers">): string | undefined {
  if (loudspeaker === undefined) return undefined;
  if (loudspeaker) return "The table hears this device. Whispers to you are only shown.";
  return `The table listens to ${displayNames(loudspeakers)}’s device. Here you hear whispers.`;
}

export function missedWords(lines: number): string {
  return `You are back. You missed ${lines} ${lines === 1 ? "line" : "lines"}.`;
}

/** What a player told, as a passing notice; undefined where it is none of this player's business, or stands in the captions. */
export function answerNotice(
  { kind, raised, player, private: isPrivate }: Answer,
  isOwn: boolean,
): string | undefined {
  if (!isOwn) return kind === "hand" && raised ? `${displayName(player)} raises a hand.` : undefined;
  switch (kind) {
    case "text":
      return isPrivate ? "Sent to the game master." : "Sent to everyone.";
    case "hand":
      return raised ? "Your hand is up." : "Your hand is down.";
    case "again":
      return "Asked to hear it again.";
    case "slower":
      return "Asked to speak slower.";
  }
}

/** What the server says of a mistake, as a sentence. */
export function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
}

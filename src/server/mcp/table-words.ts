import type { Answer } from "../../core/protocol/answers.ts";
import type { CharacterInfo, PlayerStatus, RecentUtterance } from "../../core/protocol/api.ts";
import { deliveryWords } from "./delivery-words.ts";

/** A player, in a line. */
export function playerWords({ id, state, connections, hand, sounds, loudspeaker }: PlayerStatus): string {
  const here = state === "away" ? "not here" : `here${connections > 1 ? ` on ${connections} devices` : ""}`;
  const how = state === "away" || state === "connected" || state === "playing" ? "" : `, ${state}`;
  const place = loudspeaker ? ", is the table's loudspeaker" : "";
  const wishes = sounds === undefined ? "" : `, wants to hear: ${sounds}`;
  return `${id}: ${here}${how}${place}${wishes}${hand ? ", raises a hand" : ""}`;
}

/** A character, in a line. */
export function characterWords({ id, race, gender, speaksWith, notes }: CharacterInfo): string {
  const traits = [gender, race].filter(Boolean).join(" ");
  const { voiceId, language, speed, pitch } = speaksWith;
  const voice = `speaks with ${voiceId} (${language}, speed ${speed}, pitch ${pitch})`;
  return `${id}${traits === "" ? "" : `, ${traits}`}: ${voice}${notes === undefined ? "" : `. Notes: ${notes}`}`;
}

/** What was said, and what became of it, in a line. */
export function lineWords({ utterance, speaker, to, text, state, report }: RecentUtterance): string {
  const audience = to === "all" ? "all" : to.join(", ");
  return `${speaker} to ${audience}: "${text}" (${state}). ${deliveryWords(report, []).join(" ")} Line ${utterance}.`;
}

/** What a player told, in a line. */
export function answerWords({ id, player, at, kind, text, raised, private: isPrivate }: Answer): string {
  const what = {
    text: "says",
    hand: raised === false ? "lowers a hand" : "raises a hand",
    again: "asks: again, please",
    slower: "asks: slower, please",
  };
  const words = text === undefined ? "" : ` "${text}"`;
  return `${at} ${player} ${what[kind]}${words}${isPrivate ? " (to the game master alone)" : ""}. Id ${id}.`;
}

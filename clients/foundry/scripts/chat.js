import { htmlToText, withoutTags } from "./html-to-text.js";
import { playerOf } from "./listeners.js";

/** How a message was said, by Foundry's `CONST.CHAT_MESSAGE_STYLES`. */
const STYLE = { ooc: 1, inCharacter: 2, emote: 3 };

/**
 * The line that a chat message is at the table; undefined where nothing of it is to be heard. Rolls are not spoken, and
 * what is for game masters alone never is.
 * @param {ChatMessage} message
 * @param {{ chat: boolean, whispers: boolean, ooc: boolean, players: string }} settings
 */
export function lineOf(message, settings) {
  const to = audienceOf(message, settings);
  if (!to) return undefined;
  const text = htmlToText(message.content);
  if (text === "") return undefined;
  return {
    // The game master's own tags are tags.
    text: message.author?.isGM ? text : withoutTags(text),
    to,
    ...(message.style === STYLE.emote ? {} : speakerOf(message)),
  };
}

/** @returns {"all" | string[] | undefined} */
function audienceOf({ whisper, blind, rolls, isRoll, style, visible, type = "base" }, settings) {
  if (blind || isRoll || rolls?.length > 0 || type !== "base") return undefined;
  // What one player whispers to another the game master does not see either, and so does not say.
  if (visible === false) return undefined;
  if (whisper.length > 0) return settings.whispers ? recipientsOf(whisper, settings) : undefined;
  const isSaid = style === STYLE.inCharacter || style === STYLE.emote;
  return (isSaid ? settings.chat : settings.ooc && style === STYLE.ooc) ? "all" : undefined;
}

/** Whom a whisper is for, without game masters, who have no seat; a whisper to nobody else is not spoken. */
function recipientsOf(whisper, settings) {
  const users = whisper.map((id) => game.users.get(id)).filter((user) => user && !user.isGM);
  const players = [...new Set(users.map(playerOf(settings.players)))];
  return players.length > 0 ? players : undefined;
}

/** Who speaks, by the name that players see: an actor's own may be a secret. */
function speakerOf({ speaker, alias }) {
  const actor = ChatMessage.getSpeakerActor?.(speaker) ?? undefined;
  if (!actor) return {};
  return voiceOf(actor, speaker.alias || alias);
}

/**
 * An actor as the table's speaker, with the voice that is bound to it.
 * @param {Actor} actor
 * @param {string} shown the name that players see
 */
export function voiceOf(actor, shown) {
  const { name, voice, race, gender } = actor.getFlag("bardcast", "voice") ?? {};
  const npc = { name: name || shown, ...(race ? { race } : {}), ...(gender ? { gender } : {}) };
  return { npc, ...(voice ? { voice } : {}) };
}

import type { QueuedUtterance, RecentUtterance, VoiceChoices } from "../../core/protocol/api.ts";
import type { Npc, SpeakRequest } from "../../core/protocol/speak-request.ts";
import { displayName } from "../shared/names.ts";

/** In the place of a speaker: an NPC who is not known yet. */
export const NEW_NPC = "(new)";

/** An NPC as far as the form is filled in. */
export type NpcDraft = Record<keyof Npc, string>;

/** Everything about the next line but its text. */
export interface Draft {
  /** Nobody is everyone. */
  to: readonly string[];
  speaker: string;
  /** Of an NPC who is new. */
  npc: NpcDraft;
  /** Empty: whatever suits the speaker. */
  context: string;
  /** It is only read. */
  isSilent?: boolean | undefined;
}

export const FIRST_DRAFT: Draft = {
  to: [],
  speaker: "dm",
  npc: { name: "", race: "", gender: "" },
  context: "",
};

/** What the server keeps of the next line, should it or this page end before it is said. */
export interface KeptDraft extends Draft {
  text: string;
}

/** A draft that this console wrote, and nothing else. */
export function keptDraft(value: unknown): KeptDraft | undefined {
  const { text, to, speaker, npc, context, isSilent } = (value ?? {}) as Partial<KeptDraft>;
  const { name, race, gender } = npc ?? {};
  const words = [text, speaker, context, name, race, gender];
  const isOurs = words.every((word) => typeof word === "string") && Array.isArray(to);
  if (!isOurs || !to.every((player) => typeof player === "string")) return undefined;
  return {
    text,
    to,
    speaker,
    npc: { name, race, gender },
    context,
    isSilent: isSilent === true,
  } as KeptDraft;
}

/** Nobody can speak without a name. */
export function isNameless({ speaker, npc }: Draft): boolean {
  return speaker === NEW_NPC && npc.name.trim() === "";
}

/** The draft as the server takes it. */
export function lineOf(draft: Draft, text: string): SpeakRequest {
  const to = draft.to.length > 0 ? draft.to : "all";
  const who = draft.speaker === NEW_NPC ? { npc: npcOf(draft.npc) } : { speaker: draft.speaker };
  return {
    text,
    to,
    ...who,
    ...(draft.context && { context: draft.context }),
    ...(draft.isSilent && { speech: false }),
  };
}

type AnyLine = Pick<QueuedUtterance | RecentUtterance, "text" | "to" | "speaker" | "again">;

/** What says a line again, as it was said: of one from an older journal only who said it is known. */
export function anew({ text, to, speaker, again = { speaker } }: AnyLine): SpeakRequest {
  return { text, to, ...again };
}

function npcOf({ name, race, gender }: NpcDraft): Npc {
  return { name: name.trim(), ...(race && { race }), ...(gender && { gender }) };
}

/** The draft for the line after: an NPC who was new is known by now. */
export function afterSpeaking(draft: Draft, voices: VoiceChoices): Draft {
  if (draft.speaker !== NEW_NPC) return draft;
  const name = draft.npc.name.trim();
  const known = voices.speakers.find(
    (speaker) => speaker === name || displayName(speaker) === displayName(name),
  );
  return known === undefined ? draft : { ...draft, speaker: known, npc: FIRST_DRAFT.npc };
}

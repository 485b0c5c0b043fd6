import { cleaned, cleanText } from "../../core/clean-text.ts";
import { writeDm20 } from "../../core/protocol/dm20.ts";
import type { Audience, SayAgain, SpeakRequest } from "../../core/protocol/speak-request.ts";
import type { Reveal } from "../../core/protocol/table-settings.ts";
import type { SpeechBeginMessage } from "../../core/protocol/v2.ts";
import { withoutThoughts } from "../../core/text/omit.ts";
import type { ReadingOptions } from "../../core/text/reading-options.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import { isNarrator } from "../../voices/registry-keys.ts";
import type { Rank, Turn } from "../transport/rank.ts";
import { checkRequest } from "./check-request.ts";
import type { UtteranceRequest } from "./utterance.ts";
import type { ShownSpeaker, SpeakerVoices } from "./voice-resolver.ts";
import type { LineKind } from "./wants.ts";

/** An utterance with everything decided: who speaks, in which voice, to whom, and when. */
export interface ResolvedRequest extends SpeakerVoices, ReadingOptions {
  id: string;
  text: TextSource;
  to: Audience;
  speaker: string;
  /** How the speaker is shown, where that is a character. */
  shown: ShownSpeaker | undefined;
  context: string;
  priority: number;
  /** Order of arrival. */
  order: number;
  turn: Turn;
  /** Utterances of lower priority make way; `drop`: for good. */
  interrupt: boolean | "drop";
  sendText: boolean;
  reveal: Reveal;
  /** Whether it is spoken; else it is only read. */
  speech: boolean;
  /** What it is asked for anew with. */
  again: SayAgain | undefined;
  /** The service that asked for it. */
  service: string | undefined;
}

/** Utterances with a higher number are heard first. */
const PRIORITY: Readonly<Record<string, number>> = {
  combat: 40,
  dialogue: 30,
  default: 20,
  narration: 20,
  ambient: 10,
};

/** The priority a context gives. */
export function priorityOf(context: string): number {
  return (Object.hasOwn(PRIORITY, context) ? PRIORITY[context] : undefined) ?? 20;
}

/** Turns what came over HTTP or a socket into a request to the party. The text may still be being written. */
export function requestOf(
  given: Omit<SpeakRequest, "text"> & { text: TextSource },
): UtteranceRequest & { to: Audience } {
  const { npc, speaker, text, to, ...rest } = given;
  const named = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const name = npc?.name ?? speaker;
  return {
    ...(named as Pick<
      UtteranceRequest,
      | "context"
      | "priority"
      | "voice"
      | "reveal"
      | "speech"
      | "interrupt"
      | "omit"
      | "stageDirections"
      | "cast"
    >),
    text,
    to,
    ...(name === undefined ? {} : { speaker: name }),
    ...(npc ? { npc: { race: npc.race, gender: npc.gender } } : {}),
  };
}

/**
 * The same with clean text, without what is to be left out; a text that is still being written is cleaned as it comes.
 * @throws BardcastError `bad-request` where a field is none, or something else than it may be
 */
export function cleanRequest<
  R extends Pick<UtteranceRequest, "text" | "speaker" | "npc" | "context" | "omit">,
>(request: R): R {
  checkRequest(request);
  const { text, speaker, npc, context, omit } = request;
  const leaveOut = omit?.includes("think") ? withoutThoughts : (text: string) => text;
  const clean: R = { ...request, text: typeof text === "string" ? leaveOut(cleanText(text)) : text };
  if (speaker !== undefined) clean.speaker = cleaned(speaker) as typeof speaker;
  if (npc !== undefined) clean.npc = cleaned(npc) as typeof npc;
  if (context !== undefined) clean.context = cleaned(context) as typeof context;
  return clean;
}

/** Why it is said: a character speaks in dialogue. */
export function contextOf({
  context,
  npc,
  speaker = "dm",
}: Pick<UtteranceRequest, "context" | "npc" | "speaker">): string {
  return context ?? (npc || !isNarrator(speaker) ? "dialogue" : "default");
}

/** Whether it is for some players only. */
export function isPrivate({ to }: { to: Audience }): boolean {
  return to !== "all";
}

/** What decides who wants to hear it: whether no character speaks, but the DM or combat, and whether it is private. */
export function kindOf(request: Pick<ResolvedRequest, "shown" | "to">): LineKind {
  return { isNarration: request.shown === undefined, isPrivate: isPrivate(request) };
}

/** When the utterance's turn comes on a connection. */
export function rankOf({ priority, order, turn, interrupt }: ResolvedRequest): Rank {
  return { priority, order, turn, interrupts: interrupt !== false };
}

/** The fields of `speech.begin` that do not depend on the codec. */
export function headOf(
  request: ResolvedRequest,
): Pick<
  SpeechBeginMessage,
  | "utterance"
  | "speaker"
  | "name"
  | "colour"
  | "private"
  | "priority"
  | "reveal"
  | "language"
  | "speed"
  | "pitch"
> & { interrupt: boolean } {
  const { id, speaker, shown, voice, priority, speech, interrupt } = request;
  // There is nothing to go by.
  const reveal = speech || request.reveal === "early" ? request.reveal : "at-once";
  const { language, speed, pitch } = voice;
  return {
    utterance: id,
    speaker,
    ...shown,
    private: isPrivate(request),
    priority,
    ...(reveal === "early" ? {} : { reveal }),
    language,
    speed,
    pitch,
    interrupt: interrupt !== false,
  };
}

/** The utterance's text as dm20 has it. @param index of the piece, where it has several: each has an id of its own */
export function dm20Text(
  request: Pick<ResolvedRequest, "id" | "to" | "speaker" | "shown">,
  content: string,
  index: number | undefined,
  at: number = Date.now(),
): string {
  const { id, speaker, shown } = request;
  const timestamp = new Date(at).toISOString();
  const head = { id: index === undefined ? id : `${id}.${index}`, timestamp, content };
  const who = { speaker, ...(shown ? { speaker_name: shown.name, colour: shown.colour } : {}) };
  return writeDm20(
    isPrivate(request)
      ? { type: "private", ...head, from: speaker, ...who }
      : { type: "narrative", ...head, ...who },
  );
}

/**
 * What the HTTP API answers: the server writes it, the console reads it. Types only; `speak-request.ts` is what it takes.
 * @module
 */
import type { WireError } from "../errors.ts";
import type { Answer } from "./answers.ts";
import type { Colour } from "./colours.ts";
import type { ListenerState, Presence } from "./presence.ts";
import type { Audience, SayAgain } from "./speak-request.ts";
import type { TableSettings } from "./table-settings.ts";

/**
 * Why somebody did not hear all of an utterance: closed the page, lost the connection, and did not come back; says
 * nothing any more; went on to the next one; came late; could not keep up; others were to hear something else.
 */
export type MissedReason = "left" | "lost" | "silent" | "skipped" | "late" | "behind" | "dropped";

/** What one player got of an utterance. */
export interface PlayerDelivery {
  player: string;
  /**
   * Got the text and heard all of the audio on at least one device, or, as long as that is not known, will by all
   * signs. With the sound off, or by a page that may not sound yet, it counts as heard.
   */
  complete: boolean;
  /** Why not, where it is known and lies with the listener. */
  reason?: MissedReason;
  /** Got the text and nothing of the audio. */
  textOnly: boolean;
  /** Listened with the sound off, as far as the listener's wire tells. */
  muted: boolean;
  /** ms of audio heard; of a client that does not report, what must have been by the time. */
  heardMs: number;
  /** Times the sound ran dry, as far as the listener's wire tells. */
  underruns: number;
  /** ms by which it was heard late, by a device that kept step and as it says itself. */
  skewMs?: number;
}

/** What became of an utterance. */
export interface DeliveryReport {
  utterance: string;
  /** At least one player it was addressed to was handed every chunk; an observer does not count. */
  delivered: boolean;
  cancelled: boolean;
  /** Players it was addressed to who were connected. */
  listeners: number;
  /** The same, and observers of what is for all. */
  players: PlayerDelivery[];
  /** Sentences in the text. */
  sentences: number;
  /** ms of all the audio that was made. */
  durationMs: number;
  /** Engines that spoke, in order of first use. */
  engines: string[];
  /** Why sentences have no audio, or not the voice they should have. */
  problems: WireError[];
}

/**
 * `draining`: all of it was handed over, and somebody is still listening to it; `interrupted`: it has begun, and goes
 * on when another utterance is over.
 */
export type UtteranceState = "waiting" | "speaking" | "interrupted" | "draining" | "done";

/** How one device of a player hears an utterance so far. */
export interface ListenerProgress {
  player: string;
  /** ms of audio heard so far. */
  heardMs: number;
  state: ListenerState;
  underruns: number;
  /** Why no more of it will be heard, as far as can be seen now. */
  reason?: MissedReason;
}

/** An utterance that is speaking, waiting or still being heard. */
export interface QueuedUtterance {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  /** As players read it, without its tags; left out where that is the same. */
  shown?: string;
  /** What says it again; left out where its voice is no JSON, or more than is kept. */
  again?: SayAgain;
  state: UtteranceState;
  /** ms of audio made so far. */
  durationMs: number;
  players: ListenerProgress[];
  /** Nobody was sent any sound of it: `PATCH /api/speak/:utterance` may change when it is begun. */
  movable?: true;
}

/** An utterance that is over. */
export interface RecentUtterance {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  /** As players read it, without its tags; left out where that is the same. */
  shown?: string;
  /** What says it again; left out where its voice is no JSON or more than is kept, and of lines from before there was this. */
  again?: SayAgain;
  /** `broken-off`: the server ended in the middle of it and was started anew. */
  state: "done" | "cancelled" | "failed" | "broken-off";
  report: DeliveryReport;
}

/** `GET /api/speak/:utterance`: how far a line is, or with `report` what became of it. */
export type LineStatus = (QueuedUtterance | RecentUtterance) & {
  /** Players it is for who were not here. */
  absent: readonly string[];
};

/** `DELETE /api/speak`: the lines that were being said or waited, and are ended. */
export interface LinesEnded {
  cancelled: string[];
}

/** `GET /api/log`: a page of what was said. */
export interface LogPage {
  /** Newest first. */
  utterances: readonly RecentUtterance[];
  /** Whether there are older ones: ask again, `before` the last of these. */
  more: boolean;
}

/** `GET /api/answers`: a page of what players told. */
export interface AnswerPage {
  /** Newest first. */
  answers: readonly Answer[];
  /** Whether there are older ones: ask again, `before` the last of these. */
  more: boolean;
}

/** What a player's devices say about keeping step. */
export interface StepReport {
  /** ms by which the worst of them plays late; early where negative. */
  skewMs?: number;
  /** One of them does not say truthfully when sound leaves it. */
  untrusted?: true;
  /** One of them may sound by another output than when the room was tuned. */
  untuned?: true;
}

/** A player who has a seat. */
export interface PlayerStatus extends Presence, StepReport {
  /** Sockets that have not said hello yet, where there are any. */
  waiting?: number;
  /** Their hand is raised. */
  hand?: true;
}

export interface EngineStatus {
  name: string;
  available: boolean;
  /** Why utterances pass over it for now; it is tried again in the background. */
  outOfOrder?: string;
  tiers: ("speed" | "quality" | "fallback")[];
  languages: readonly string[];
}

/** The workers, or the one thread that speaks. */
export interface SpeechStatus {
  kind: "pool" | "inline";
  /** Workers alive; 0 inline. */
  workers: number;
  /** Sentences being spoken. */
  busy: number;
  /** Sentences that wait for a worker. */
  queued: number;
  /** Workers replaced since the start. */
  restarts: number;
}

/** Whether what is said outlasts a restart. */
export interface StoreStatus {
  writable: boolean;
  /** Why not, in words for whoever runs it. */
  reason?: string;
}

/** What is written of a character beside their voice. */
export interface CharacterFields {
  /** Any, in anybody's words. */
  race?: string | undefined;
  gender?: string | undefined;
  /** How the name is said: `Drist`, or phonetic letters between slashes. */
  say?: string | undefined;
  notes?: string | undefined;
}

/** Somebody who may speak, in the list of `GET /api/characters`. */
export interface CharacterInfo extends CharacterFields {
  /** What lines call them, as `speaker`. */
  id: string;
  /** As it is shown. */
  name: string;
  colour: Colour;
  /** What is written of their voice, as `PUT` takes it; left out: all of it is chosen by race, gender and name. */
  voice?: Readonly<Record<string, unknown>>;
  /** Whether they stand in `voice_registry.yaml`; else they have spoken, and nothing is written of them. */
  isWritten: boolean;
  /** The voice that their next line is said in. */
  speaksWith: {
    voiceId: string;
    language: string;
    speed: number;
    pitch: number;
    outputFormat: string;
    extra: Readonly<Record<string, unknown>>;
  };
}

/** `GET /api/characters` */
export interface CharacterList {
  /** In the order of the file; then who has spoken and stands nowhere, the latest last. */
  characters: CharacterInfo[];
  /** Whether the last change can be taken back. */
  canUndo: boolean;
  /** Why the file cannot be used, and nothing is saved until it is mended. */
  problem?: string;
}

/** `GET /api/status` */
export interface PartyStatus {
  party: string;
  players: PlayerStatus[];
  engines: EngineStatus[];
  speech: SpeechStatus;
  /** Oldest first. */
  queue: QueuedUtterance[];
  /** Newest first. */
  recent: readonly RecentUtterance[];
  /** Left out where no folder was given. */
  store?: StoreStatus;
  settings: TableSettings;
  /** What players told lately, newest first. */
  answers: readonly Answer[];
  /** Why `voice_registry.yaml` cannot be used; what was good last, or the defaults, are. */
  voicesProblem?: string;
  /** Where several processes serve the party: the one that makes its lines, and all that it knows of, itself among them. */
  cluster?: { node: string; connected: boolean; nodes: string[] };
}

/** `GET /api/voices`: what a voice can be chosen by. */
export interface VoiceChoices {
  speakers: string[];
  races: string[];
  genders: string[];
}

/** A player's way in. */
export interface Invite {
  id: string;
  token: string;
  /** The player page with the token in it. */
  url: string;
  /** The same without a token, short enough to be typed or scanned: good as long as the player's links are. */
  short: string;
}

/** `GET /api/invites` */
export interface InviteList {
  players: readonly Invite[];
  /** The console's short link: whoever has it is the DM. */
  console: string;
}

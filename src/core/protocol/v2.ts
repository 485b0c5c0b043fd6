/**
 * The v2 wire's control messages: JSON as text frames. What a client says is checked against the schemas in
 * `messages.ts`; audio travels in the binary frames of `frame.ts`. Times called `…At` are ms on the server's
 * monotonic clock, other times are durations in ms. @module
 */
import type { WordTime } from "../dsp/audio.ts";
import type { WireError } from "../errors.ts";
import type { Answer, AnswerRequest } from "./answers.ts";
import type { Colour } from "./colours.ts";
import type { ListenerState, PresenceMessage } from "./presence.ts";
import type { SoundMessage } from "./sounds.ts";
import type { SpeakRequest } from "./speak-request.ts";
import type { Reveal, Sounds } from "./table-settings.ts";
import type { TuningClientMessage, TuningServerMessage } from "./tuning.ts";

/** Offered by a client that speaks v2. */
export const V2_SUBPROTOCOL = "bardcast.v2";
/** Hz of all audio on this wire; it is mono. */
export const V2_SAMPLE_RATE = 24_000;
/** Times of words in one message: a sentence has a few hundred characters. */
export const MAX_WORDS = 1_000;
/** Samples in one packet: 20 ms. */
export const PACKET_SAMPLES = 480;
/** Samples that an Opus decoder gives before the first one that was encoded (libopus, 24 kHz). */
export const OPUS_PRE_SKIP = 156;

/** ms from sending to hearing that a line is given at most, however much a listener needs… */
export const LONGEST_LEAD_MS = 400;
/** …and on top of what is needed: for the server's own turn. */
export const LEAD_MARGIN_MS = 15;

export const CODECS = ["opus", "pcm16"] as const;
/** Opus packets, or 16-bit little-endian samples. */
export type Codec = (typeof CODECS)[number];

/** Answers `hello`. */
export interface WelcomeMessage {
  type: "welcome";
  /** Changes when the server starts anew. */
  epoch: string;
  /** Every message with an offset that follows has a higher one. */
  offset: number;
  player: string;
  role: "player" | "dm";
  /** Everything that was missed follows, sound included. */
  recovered: boolean;
  /**
   * The server was started anew, and this client had these lines open: no frame of them follows, but the text that it
   * missed, and their end.
   */
  continues?: readonly string[];
  limits: {
    /** ms of sound the server sends ahead. */
    sendAheadMs: number;
    /** Bytes of one message from a client. */
    messageBytes: number;
    /** Whoever says nothing for longer is gone: the server asks earlier, by `ping`. */
    silenceMs: number;
  };
}

/** Echoes a probe. */
export interface ClockMessage {
  type: "clock";
  t0: number;
  /** Received and sent, on the server's clock. */
  t1: number;
  t2: number;
}

/** A line comes: audio with this handle follows, or only its text. */
export interface SpeechBeginMessage {
  type: "speech.begin";
  offset: number;
  utterance: string;
  handle: number;
  speaker: string;
  /** A character's, as it is shown; left out: it is not a character who speaks. */
  name?: string;
  /** The character's. */
  colour?: Colour;
  /** Not for everyone's ears. */
  private: boolean;
  codec: Codec;
  sampleRate: number;
  channels: 1;
  /** Samples to drop wherever the decoder starts anew. */
  preSkip: number;
  startAt?: number;
  priority: number;
  /** When its text is to appear; left out: as soon as it is told. Where no sound comes, it appears all the same. */
  reveal?: Exclude<Reveal, "early">;
  /** Lines of the same or lower priority fall silent and go on from the sentence they were in when this one is over. */
  interrupt?: true;
  /** BCP 47, for a browser that has to speak it. */
  language: string;
  /** 1 = normal */
  speed: number;
  /** Semitones. */
  pitch: number;
}

/** One sentence of a line. Comes again, with times, when they are known. */
export interface SpeechTextMessage {
  type: "speech.text";
  offset: number;
  utterance: string;
  /** From 0. */
  sentence: number;
  text: string;
  /** When it begins in the line. */
  atMs?: number;
  /** In the line's own time. */
  words?: readonly WordTime[];
  /** The times are a guess from syllables. */
  estimated?: true;
}

/** From `fromMs` on, the line's time maps to the server's clock anew. */
export interface SpeechMoveMessage {
  type: "speech.move";
  offset: number;
  utterance: string;
  fromMs: number;
  startAt: number;
}

/** The line is complete: no frame of it follows. */
export interface SpeechEndMessage {
  type: "speech.end";
  offset: number;
  utterance: string;
  /** Frames in the line. */
  chunks: number;
  durationMs: number;
  /** There was more to be said: its server ended and was started anew, or nobody listened any more while it was written. */
  brokenOff?: true;
}

/** No frame of the line follows, and what is buffered after `atMs` is dropped. */
export interface SpeechCancelMessage {
  type: "speech.cancel";
  offset: number;
  utterance: string;
  atMs: number;
  reason: string;
}

/** A sentence has no sound: speak it in the browser, or show it at reading pace. */
export interface SpeechFallbackMessage {
  type: "speech.fallback";
  offset: number;
  utterance: string;
  sentence: number;
  mode: "browser-voice" | "caption";
  /** Where in the line it would have begun, or broke off. */
  atMs: number;
  reason: string;
}

/** A player told something: the DM is told, the player's own devices, and unless it is private the others. */
export interface AnswerMessage extends Answer {
  type: "answer";
}

/** Wants a `pong`. */
export type V2PingMessage = { type: "ping" };

/** Something the client said was wrong. */
export interface ErrorMessage extends WireError {
  type: "error";
  fatal: boolean;
}

/** A message about a line, numbered across the party. */
export type SpeechMessage =
  | SpeechBeginMessage
  | SpeechTextMessage
  | SpeechMoveMessage
  | SpeechEndMessage
  | SpeechCancelMessage
  | SpeechFallbackMessage;

/** Everything a server says on the v2 wire as text. */
export type V2ServerMessage =
  | WelcomeMessage
  | ClockMessage
  | SpeechMessage
  | PresenceMessage
  | AnswerMessage
  | V2PingMessage
  | ErrorMessage;

/** A message as it is sent; those of a tuning and of sounds are read by code that clients load for them. */
export function writeV2(message: V2ServerMessage | TuningServerMessage | SoundMessage): string {
  return JSON.stringify(message);
}

/** Where a client was when it lost its connection. */
export interface ResumePoint {
  epoch: string;
  /** The highest it saw. */
  offset: number;
  /** Lines whose end it did not see: handle, and sequence of the last frame it has, −1 for none. */
  utterances: (readonly [handle: number, sequence: number])[];
  /** A page that is loaded anew: it kept the texts up to there, and nothing else of those lines. */
  anew?: boolean | undefined;
}

/** The first thing a client says. */
export interface HelloMessage {
  type: "hello";
  /** In order of preference. */
  codecs: Codec[];
  /** Wants to play in step with the others. */
  sync?: boolean | undefined;
  /** False: send no word times. */
  captions?: boolean | undefined;
  /** As in `settings`. */
  sounds?: Sounds | undefined;
  resume?: ResumePoint | undefined;
}

/** A clock probe. */
export interface ClockProbe {
  type: "clock";
  /** On the client's clock. */
  t0: number;
  /** ms that must lie between sending and hearing for this client, from 0; left out while not known. */
  latencyMs?: number | undefined;
}

/** How far a listener got: at most once a second, and once when the line ends or is cancelled. */
export interface HeardMessage {
  type: "heard";
  utterance: string;
  heardMs: number;
  state: ListenerState;
  /** Times the sound ran dry in this line. */
  underruns: number;
  /** ms by which it plays late (early where negative), while it keeps step. */
  skewMs?: number | undefined;
  /** Its device does not say truthfully when sound leaves it. */
  untrusted?: true | undefined;
  /** ms of sound that this client has and will play from now on, of this line and of those behind it. */
  leftMs?: number | undefined;
  /** Nothing more of this line will be heard. */
  ended?: boolean | undefined;
}

/** A change of mind; another codec is sent from the next line on. */
export interface SettingsMessage {
  type: "settings";
  muted?: boolean | undefined;
  codec?: Codec | undefined;
  captions?: boolean | undefined;
  sync?: boolean | undefined;
  /** Which lines the player wants to hear, with all devices and until they say otherwise; of the others only text is sent. */
  sounds?: Sounds | undefined;
}

/** What a client says about itself. */
export type ClientNote = ClockProbe | HeardMessage | SettingsMessage;

/** With the DM's token: `POST /api/speak`. */
export type SpeakMessage = SpeakRequest & { type: "speak" };
/** With the DM's token: `DELETE /api/speak/:utterance`. */
export interface CancelMessage {
  type: "cancel";
  utterance: string;
}

/** With a player's token: `POST /api/answers`. */
export type PlayerAnswerMessage = AnswerRequest & { type: "answer" };

/** Answers `ping`. */
export type PongMessage = { type: "pong" };

/** Everything a client says on the v2 wire. */
export type V2ClientMessage =
  | HelloMessage
  | ClockProbe
  | PongMessage
  | HeardMessage
  | SettingsMessage
  | SpeakMessage
  | CancelMessage
  | PlayerAnswerMessage
  | TuningClientMessage;

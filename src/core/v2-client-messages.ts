import type { SpeakRequest } from "./messages.ts";
import type { Codec, ListenerState } from "./v2.ts";

/** Where a client was when it lost its connection. */
export interface ResumePoint {
  epoch: string;
  /** The highest it saw. */
  offset: number;
  /** Lines whose end it did not see: handle, and sequence of the last frame it has, −1 for none. */
  utterances: (readonly [handle: number, sequence: number])[];
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
  resume?: ResumePoint | undefined;
}

/** A clock probe. */
export interface ClockProbe {
  type: "clock";
  /** On the client's clock. */
  t0: number;
  /** ms that must lie between sending and hearing for this client, from 0; left out while not known. */
  leadMs?: number | undefined;
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
}

/** With the DM's token: `POST /api/speak`. */
export type SpeakMessage = SpeakRequest & { type: "speak" };
/** With the DM's token: `DELETE /api/speak/:utterance`. */
export interface CancelMessage {
  type: "cancel";
  utterance: string;
}

/** Answers `ping`. */
export interface PongMessage {
  type: "pong";
}

/** Everything a client says on the v2 wire. */
export type V2ClientMessage =
  | HelloMessage
  | ClockProbe
  | PongMessage
  | HeardMessage
  | SettingsMessage
  | SpeakMessage
  | CancelMessage;

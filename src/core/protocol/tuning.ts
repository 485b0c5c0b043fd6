/**
 * Tuning the room, on the v2 wire: the DM's console has one device after the other play a probe at a moment of the table's
 * clock, hears when it came, and tells each by how much it is late. Nothing but numbers travels. @module
 */

/** Devices that are tuned at once; the rest are left as they are. */
export const MAX_TUNED = 32;
/** Moments in one message. */
export const MAX_MOMENTS = 8;
/** ms by which a device may sound late although it says otherwise. */
export const MAX_TRIM_MS = 500;
/** Loudness of a probe at most: the peak, where 1 is full scale. */
export const MAX_LEVEL = 0.5;
/** ms from a message to the first moment in it, at least: it has to reach the device, and the device to render it… */
export const LEAST_NOTICE_MS = 400;
/** …and at most: no device keeps sound for later. */
export const MOST_NOTICE_MS = 30_000;

/** ms after its moment within which a probe is looked for, at most, and before it. */
export const MAX_LATE_MS = 1_000;

/** Why a device cannot be tuned: its wire has no word for it, it plays as soon as it can, or nobody would hear it. */
export type Untunable = "dm20" | "out-of-step" | "muted";

/** A device as a tuning calls it. */
export interface TunedDevice {
  /** From 1, for as long as the tuning is open. */
  device: number;
  player: string;
  why?: Untunable;
  /** It listens, in the place of the console. */
  ear?: true;
}

/** With the DM's token: a device of that player is to listen in the place of the console; left out: none is, any more. */
export interface EarRequest {
  type: "tune.ear";
  player?: string | undefined;
}

/** With the DM's token: the device that listens is to look for a probe that is played at that moment. */
export interface FindRequest {
  type: "tune.find";
  /** As in `Probe`. */
  root: number;
  /** ms on the server's clock. */
  momentAt: number;
}

/** How it stands with a device that is asked to listen: its player was asked, it listens, or why it does not. */
export type HearingState = "asked" | "ready" | "refused" | "none" | "insecure" | "broken" | "gone";

/** What a device says that was asked to listen. */
export interface HearingMessage {
  type: "tune.hearing";
  state: HearingState;
  /** Its browser changes what it hears, although it was asked not to. */
  processed?: true | undefined;
}

/** What the device that listens has heard of a probe. */
export interface FoundMessage extends Omit<FindRequest, "type"> {
  type: "tune.found";
  /** After its moment, give or take what is the same for all. */
  lateMs: number;
  isHeard: boolean;
}

/** With the DM's token: opens a tuning, or ends the one that this console has opened. Until then lines wait. */
export interface TuneRequest {
  type: "tune";
  on: boolean;
}

/** With the DM's token: a device is to play that probe at those moments. */
export interface ProbeRequest {
  type: "tune.probe";
  device: number;
  /** As in `Probe`. */
  root: number;
  /** Its peak: 0…0.5. */
  level: number;
  /** ms on the server's clock. */
  momentsAt: number[];
}

/** With the DM's token: a device sounds so many ms late although it says otherwise. */
export interface TrimRequest {
  type: "tune.trim";
  device: number;
  ms: number;
  /** ms by which that may be wrong. */
  spreadMs: number;
}

/** A device will play what it was asked to. */
export interface ProbedMessage {
  type: "tune.probed";
  tune: string;
  /** Moments at which it will; 0 where it has no sound. */
  placed: number;
  /** ms by which it has been trimmed so far. */
  trimMs: number;
  /** ms by which it may be wrong about itself. */
  uncertaintyMs?: number | undefined;
}

/** A device took its trim over, and keeps it. */
export interface TrimmedMessage {
  type: "tune.trimmed";
  tune: string;
  ms: number;
}

/** A device may sound by another output than when it was tuned, and nothing is known of that. */
export interface LostMessage {
  type: "tune.lost";
}

/** What a client says of it. */
export type TuningClientMessage =
  | TuneRequest
  | ProbeRequest
  | TrimRequest
  | EarRequest
  | FindRequest
  | ProbedMessage
  | TrimmedMessage
  | HearingMessage
  | FoundMessage
  | LostMessage;

/** To the console, and to every device: a tuning is open, or over. */
export interface TuneMessage {
  type: "tune";
  tune: string;
  on: boolean;
  /** To the console: who is here. */
  devices?: readonly TunedDevice[];
}

/** To a device. */
export type ProbeMessage = Omit<ProbeRequest, "device"> & { tune: string };
/** To a device. */
export type TrimMessage = Omit<TrimRequest, "device"> & { tune: string };
/** To the console. */
export type DeviceAnswer = (ProbedMessage | TrimmedMessage) & { device: number };

/** To a device: it is asked to listen, or is to listen no more. */
export interface EarMessage {
  type: "tune.ear";
  on: boolean;
}

/** What a server says of it; what the device that listens says reaches the console as it is. */
export type TuningServerMessage =
  | TuneMessage
  | ProbeMessage
  | TrimMessage
  | DeviceAnswer
  | EarMessage
  | FindRequest
  | HearingMessage
  | FoundMessage;

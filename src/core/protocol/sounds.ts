/**
 * The sound of the place: beds that go on until they are ended, and hits, which are short. On the v2 wire these messages
 * are told to clients that know them; the others pass them over. Times called `…At`, and `at`, are ms on the server's
 * clock; gains are factors of amplitude. @module
 */

/** Beds that every device makes by itself, the same samples on each, without a file. */
export const BUILT_IN_BEDS = ["wind", "rain", "fire", "sea"] as const;
export type BuiltInBed = (typeof BUILT_IN_BEDS)[number];
/** Hits that every device makes by itself. */
export const BUILT_IN_HITS = ["dice"] as const;

/** LUFS to which beds and hits are brought that were measured. */
export const BED_LUFS = -23;
export const HIT_LUFS = -18;
/** The highest sample that this leaves. */
const MOST_PEAK = 10 ** (-1 / 20);

/** Beds that sound at once. */
export const MAX_BEDS = 4;
/** Seconds of a file that is played: a device holds a bed in its memory. */
export const MAX_SOUND_SECONDS = 600;
/** By how many dB beds go down while somebody speaks, where nothing else was chosen. */
export const FIRST_DUCK_DB = 12;

/**
 * A gain that changes: `from` until `at`, then within `ms` to `to`. Evenly in power, so that two beds of which one comes as
 * the other goes are together as loud as one.
 */
export interface GainRamp {
  from: number;
  to: number;
  at: number;
  ms: number;
}

export function gainAt({ from, to, at, ms }: GainRamp, time: number): number {
  if (time <= at && ms > 0) return from;
  if (time >= at + ms) return to;
  const part = (time - at) / ms;
  return Math.sqrt(from * from * (1 - part) + to * to * part);
}

/** A bed as a device plays it: its sample 0 was, or will be, heard at `startAt`, and it goes round from then on. */
export interface Bed {
  /** Name of a built-in bed, or id of a file: the SHA-256 of its bytes, in hex. */
  sound: string;
  startAt: number;
  gain: GainRamp;
}

/** How the place sounds here from `at` on, whole: what is not in it is silent then. */
export interface SoundBedsMessage {
  type: "sound.beds";
  at: number;
  beds: readonly Bed[];
  /** Of all beds together. */
  gain: GainRamp;
  /** By how many dB they go down while a line is heard here. */
  duckDb: number;
}

/** A short sound, once. */
export interface SoundHitMessage {
  type: "sound.hit";
  /** Name of a built-in one, or id of a file. */
  sound: string;
  gain: number;
  /** When everyone hears it; left out: as soon as it can be heard. */
  startAt?: number;
  /** What a built-in one is made from: each is another, and the same on all devices. */
  seed: number;
}

/** A short sound in a line, to those who hear the line: when that place of it is heard, to each as they hear it. */
export interface SoundCueMessage {
  type: "sound.cue";
  offset: number;
  utterance: string;
  /** Where in the line. */
  atMs: number;
  /** When the line begins, for who was not told; left out: not known yet, or not in step. */
  startAt?: number;
  sound: string;
  gain: number;
  seed: number;
}

export type SoundMessage = SoundBedsMessage | SoundHitMessage | SoundCueMessage;

/** What was measured of a file as it is played: mono, at 24 kHz. */
export interface SoundMeasure {
  /** Integrated loudness by ITU-R BS.1770; `null`: silence. */
  lufs: number | null;
  /** Its highest sample: 0…1, more where it clips. */
  peak: number;
}

/** The gain that brings a sound to a loudness without clipping; 1 for one that was not measured. */
export function levellingGain(measure: SoundMeasure | undefined, lufs: number): number {
  if (!measure || measure.lufs === null) return 1;
  const wanted = 10 ** ((lufs - measure.lufs) / 20);
  return measure.peak > 0 ? Math.min(wanted, MOST_PEAK / measure.peak) : wanted;
}

/** Loudness is heard roughly as the square root of the gain. */
export function gainOfVolume(volume: number): number {
  return volume * volume;
}

/** A sound that can be played. */
export interface SoundInfo {
  id: string;
  name: string;
  /** What it is for, where no file says so. */
  builtIn?: "bed" | "hit";
  format?: "mp3" | "ogg" | "wav" | "flac";
  bytes?: number;
  seconds?: number;
  /** Left out: nobody has measured it. */
  measure?: SoundMeasure;
}

/** A bed that plays; `leaving`: it fades out. */
export interface PlayingBed {
  sound: string;
  name: string;
  volume: number;
  playedMs: number;
  leaving?: true;
}

/** The sounds of a campaign, and what plays; volumes are 0…1 as the ear hears them. */
export interface SoundsStatus {
  sounds: readonly SoundInfo[];
  /** Files in the folder that are not played, and why. */
  refused: readonly { name: string; why: string }[];
  /** Newest last. */
  beds: readonly PlayingBed[];
  master: number;
  /** Players for whom the place is softer than for others. */
  players: Readonly<Record<string, number>>;
  duckDb: number;
}

export interface PlayBedRequest {
  /** A name, or an id. */
  sound: string;
  volume?: number | undefined;
  fadeMs?: number | undefined;
  /** Everything else fades out meanwhile. */
  instead?: boolean | undefined;
}

export interface StopBedsRequest {
  /** Left out: all of them. */
  sound?: string | undefined;
  fadeMs?: number | undefined;
}

export interface HitRequest {
  sound: string;
  to: "all" | readonly string[];
  volume?: number | undefined;
  /** False: each device plays it as soon as it can. */
  inStep?: boolean | undefined;
}

export interface SoundVolumes {
  master?: number | undefined;
  players?: Readonly<Record<string, number>> | undefined;
  duckDb?: number | undefined;
}

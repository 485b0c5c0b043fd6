/**
 * What the HTTP API answers of voices: those that can speak here, and those that can be installed. Types only.
 * @module
 */
import type { WireError } from "../errors.ts";

/** A voice that can speak here now. */
export interface FoundVoice {
  /** As `voice: { voiceId, engine, language }` of a line or a sheet chooses it. */
  voiceId: string;
  engine: string;
  language: string;
  gender?: "female" | "male";
  /** A text to hear it by. */
  sample: string;
}

/** `GET /api/voices/search` */
export interface VoiceSearch {
  /** The first of those that were found; robots come last. */
  voices: FoundVoice[];
  /** All that were found. */
  count: number;
  /** Engines that can speak here, in order of preference… */
  engines: string[];
  /** …and those among them that list no voices. */
  unlisted: string[];
  /** Languages there are voices for: BCP 47, and in English. */
  languages: { tag: string; name: string }[];
}

/** A voice that can be installed. */
export interface OfferedVoice {
  /** What it is installed by. */
  name: string;
  family: string;
  licence: string;
  /** BCP 47. */
  languages: readonly string[];
  speakers: number;
  /** Of all that is downloaded. */
  bytes: number;
}

/** How far a voice is that is being installed, or was last. `speaking`: it speaks from the next line on. */
export interface VoiceInstall {
  name: string;
  state: "downloading" | "unpacking" | "starting" | "speaking" | "stopped" | "failed";
  /** Of the file that is being downloaded. */
  bytes: number;
  total?: number;
  /** Why it failed. What was downloaded is kept: the same again goes on from there. */
  problem?: WireError;
}

/** `GET /api/voices/catalogue`: voices that sound like people. */
export interface VoiceCatalogue {
  /** Names of those that are here. */
  installed: readonly string[];
  /** Those that can be, the one to begin with first; none where this server installs nothing. */
  offered: readonly OfferedVoice[];
  /** A command that has to be typed first, where what speaks them is not installed. */
  missing?: string;
  install?: VoiceInstall;
}

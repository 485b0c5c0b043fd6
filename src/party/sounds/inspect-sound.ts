import { mp3Seconds } from "../../core/dsp/mp3-frames.ts";
import { BardcastError } from "../../core/errors.ts";
import { MAX_SOUND_SECONDS, type SoundInfo } from "../../core/protocol/sounds.ts";

export type SoundFormat = NonNullable<SoundInfo["format"]>;

/** As they are served: fixed by what a file is, never by what it says it is. */
export const SOUND_TYPES: Readonly<Record<SoundFormat, string>> = {
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  wav: "audio/wav",
  flac: "audio/flac",
};

/** Bytes of one file. */
export const MAX_SOUND_BYTES: number = 20 * 1024 * 1024;
const MAX_CHANNELS = 2;
const OGG_PAGE_HEAD = 27;

interface Inspected {
  format: SoundFormat;
  /** Undefined where its head does not say. */
  seconds: number | undefined;
  channels: number;
}

/**
 * What a file is, by its own bytes.
 * @throws BardcastError `bad-request` where it is no sound that is played here: another format, more than two channels, too long
 */
export function inspectSound(bytes: Uint8Array): { format: SoundFormat; seconds: number } {
  const found = flac(bytes) ?? wav(bytes) ?? ogg(bytes) ?? mp3(bytes);
  if (!found) throw refused("it is neither mp3, ogg (Vorbis or Opus), wav nor flac");
  const { format, seconds, channels } = found;
  if (channels < 1 || channels > MAX_CHANNELS)
    throw refused(`it has ${channels} channels: mono and stereo are played`);
  if (seconds === undefined || !(seconds > 0))
    throw refused("its length is not known: its head does not say, or is damaged");
  if (seconds > MAX_SOUND_SECONDS)
    throw refused(`it is longer than ${MAX_SOUND_SECONDS / 60} minutes: a device holds it in its memory`);
  return { format, seconds };
}

function refused(why: string): BardcastError {
  return new BardcastError("bad-request", why);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isAt(bytes: Uint8Array, at: number, letters: string): boolean {
  return (
    at + letters.length <= bytes.length &&
    [...letters].every((letter, index) => bytes[at + index] === letter.charCodeAt(0))
  );
}

function flac(bytes: Uint8Array): Inspected | undefined {
  // The first block has to be STREAMINFO (RFC 9639 §8.2).
  if (!isAt(bytes, 0, "fLaC") || bytes.length < 42 || ((bytes[4] as number) & 0x7f) !== 0) return undefined;
  const view = viewOf(bytes);
  const packed = view.getUint32(18);
  const rate = packed >>> 12;
  const samples = (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
  const seconds = samples > 0 && rate > 0 ? samples / rate : undefined;
  return { format: "flac", seconds, channels: ((packed >>> 9) & 7) + 1 };
}

function wav(bytes: Uint8Array): Inspected | undefined {
  if (!isAt(bytes, 0, "RIFF") || !isAt(bytes, 8, "WAVE")) return undefined;
  const view = viewOf(bytes);
  let channels = 0;
  let byteRate = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (isAt(bytes, at, "fmt ") && at + 24 <= bytes.length) {
      channels = view.getUint16(at + 10, true);
      byteRate = view.getUint32(at + 16, true);
    } else if (isAt(bytes, at, "data")) {
      const length = Math.min(size, bytes.length - at - 8);
      return { format: "wav", seconds: byteRate > 0 ? length / byteRate : undefined, channels };
    }
    at += 8 + size + (size % 2);
  }
  return { format: "wav", seconds: undefined, channels: Math.max(1, channels) };
}

function ogg(bytes: Uint8Array): Inspected | undefined {
  if (!isAt(bytes, 0, "OggS") || bytes.length < OGG_PAGE_HEAD + 64) return undefined;
  const packet = OGG_PAGE_HEAD + (bytes[26] as number);
  if (packet + 19 > bytes.length) return undefined;
  const view = viewOf(bytes);
  if (isAt(bytes, packet, "\x01vorbis"))
    return {
      format: "ogg",
      seconds: oggSeconds(bytes, view.getUint32(packet + 12, true)),
      channels: bytes[packet + 11] as number,
    };
  // Opus counts at 48 kHz whatever went in (RFC 7845 §4).
  if (isAt(bytes, packet, "OpusHead"))
    return { format: "ogg", seconds: oggSeconds(bytes, 48_000), channels: bytes[packet + 9] as number };
  return undefined;
}

/** By the position of its last page. */
function oggSeconds(bytes: Uint8Array, rate: number): number | undefined {
  const view = viewOf(bytes);
  for (let at = bytes.length - OGG_PAGE_HEAD; at > 0; at--) {
    if (bytes[at] !== 0x4f || !isAt(bytes, at, "OggS")) continue;
    const samples = view.getInt32(at + 10, true) * 2 ** 32 + view.getUint32(at + 6, true);
    return rate > 0 && samples > 0 ? samples / rate : undefined;
  }
  return undefined;
}

function mp3(bytes: Uint8Array): Inspected | undefined {
  const seconds = mp3Seconds(bytes);
  return seconds === undefined ? undefined : { format: "mp3", seconds, channels: 1 };
}

import { ServiceError } from "../net/service-error.ts";
import { isReadable, type PcmFormat, plainPcm, type SampleEncoding } from "./pcm-reader.ts";

/** What a service says that it sends. */
export type DeclaredType =
  /**
   * Samples without a container, or nothing certain.
   * @member isOrderTold no if only `L16` says so, which not everybody knows to be big endian
   */
  | { is: "samples"; format: PcmFormat; isOrderTold: boolean }
  /** A type whose bytes would begin with a signature. @member name for people */
  | { is: "packed" | "no-sound"; name: string };

/** Types of sound that begins with a signature; without it, it is something else. */
const PACKED =
  /^((audio|video)\/(x-)?(flac|ogg|opus|vorbis|speex|webm|matroska|mp4|mp4a-latm|mp2t|m4a|aac|aacp|3gpp2?|amr|amr-wb|aiff|caf|ms-wma|ac3|eac3|(vnd\.)?dts|g72[2-9]|gsm|sbc|aptx|wavpack|tta|midi?)|application\/(x-)?ogg)\b/;
const NO_SOUND =
  /^(text|image|font|multipart|message)\/|^application\/(.*\b(json|xml|html|javascript|ndjson|yaml|pdf|zip|gzip|x-www-form-urlencoded)\b)/;

const NAMES = {
  rate: /^(sample|sampling)?[-_]?(rate|freq(uency)?)$/,
  channels: /^channels?$/,
  bits: /^(bits?([-_]?(per[-_]?sample|depth))?|width|depth)$/,
  form: /^(codecs?|format|encoding)$/,
  order: /^(endian(ness)?|byte[-_]?order)$/,
};

/**
 * What a `Content-Type` says. For samples without a container its parameters count: `audio/pcm;rate=16000`,
 * `audio/L16;rate=24000;channels=2` (big endian, RFC 2586), `audio/x-raw,format=F32LE`, `audio/basic`.
 * @param type undefined or empty where there is none
 * @param sampleRate Hz, where the type names none
 * @throws ServiceError `engine-failed` where it names samples that cannot be read
 */
export function declaredType(type: string | undefined, sampleRate: number): DeclaredType {
  const [essence = "", ...parameters] = (type ?? "").toLowerCase().split(/[;,]/);
  const name = essence.trim();
  if (PACKED.test(name)) return { is: "packed", name };
  if (NO_SOUND.test(name)) return { is: "no-sound", name };
  const parts = told(parameters);
  const format = { ...named(name, sampleRate), ...parts };
  const isOrderTold = !/l16$/.test(name) || parts.isBigEndian !== undefined || format.bytes !== 2;
  if (isReadable(format) && Number.isInteger(format.sampleRate) && format.sampleRate > 0)
    return { is: "samples", format, isOrderTold };
  throw new ServiceError("engine-failed", `the service's audio has a form that is not read here: ${type}`);
}

/** What the name of the type alone means. */
function named(name: string, sampleRate: number): PcmFormat {
  const plain = plainPcm(sampleRate);
  const linear = /^audio\/(x-)?l(8|16|24|32)$/.exec(name)?.[2];
  if (linear !== undefined) return { ...plain, ...whole(Number(linear)), isBigEndian: true };
  if (/^audio\/(basic|(x-)?pcmu|(x-)?mu-?law|(x-)?ulaw)$/.test(name))
    return { ...plain, encoding: "mulaw", bytes: 1, sampleRate: 8000 };
  if (/^audio\/(x-)?(pcma|a-?law)(-basic)?$/.test(name))
    return { ...plain, encoding: "alaw", bytes: 1, sampleRate: 8000 };
  return plain;
}

/** What its parameters mean. */
function told(parameters: readonly string[]): Partial<PcmFormat> {
  const format: Partial<PcmFormat> = {};
  for (const parameter of parameters) {
    const [key = "", ...rest] = parameter
      .split("=")
      .map((part) => part.trim().replace(/^\(\w+\)\s*|^"|"$/g, ""));
    const value = rest.join("=");
    if (NAMES.rate.test(key)) format.sampleRate = Number(value);
    else if (NAMES.channels.test(key)) format.channels = Number(value);
    else if (NAMES.bits.test(key)) Object.assign(format, { ...whole(Number(value)), ...kindOf(format) });
    else if (NAMES.order.test(key)) format.isBigEndian = /big|network/.test(value);
    else if (NAMES.form.test(key)) Object.assign(format, formOf(value, format));
  }
  return format;
}

/** That it is floats is told apart from how wide they are, in any order. */
function kindOf({ encoding }: Partial<PcmFormat>): Partial<PcmFormat> {
  return encoding === "float" ? { encoding } : {};
}

/** A form of samples by its name, as ffmpeg, GStreamer and services write it: `pcm_s16le`, `F32LE`, `linear16`, `mulaw`. */
function formOf(name: string, { bytes = 4 }: Partial<PcmFormat>): Partial<PcmFormat> {
  if (/^(pcm[-_]?)?float$/.test(name)) return { encoding: "float", bytes };
  if (/^(pcm_)?(mu|u)-?law$|^pcmu$/.test(name)) return { encoding: "mulaw", bytes: 1 };
  if (/^(pcm_)?a-?law$|^pcma$/.test(name)) return { encoding: "alaw", bytes: 1 };
  const match = /^(?:pcm[-_]?)?(s|u|f|float|linear|int)[-_]?(8|16|24|32|64)[-_]?(le|be)?$/.exec(name);
  if (!match) return {};
  const [, kind = "", bits, order] = match;
  const encoding: SampleEncoding = kind.startsWith("f") ? "float" : kind === "u" ? "unsigned" : "signed";
  return {
    encoding,
    bytes: Number(bits) / 8,
    ...(order === undefined ? {} : { isBigEndian: order === "be" }),
  };
}

/** Whole numbers of so many bits; of eight without a sign, as in every file that has such. */
function whole(bits: number): Pick<PcmFormat, "encoding" | "bytes"> {
  return { encoding: bits === 8 ? "unsigned" : "signed", bytes: bits / 8 };
}

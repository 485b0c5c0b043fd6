import { fromBase64 } from "../../core/base64.ts";
import { joinBytes } from "../../core/bytes.ts";
import { int16ToFloat, joinPcm } from "../../core/dsp/pcm.ts";
import { WAV_HEADER_BYTES } from "../../core/dsp/wav.ts";
import { unpackOpus } from "../../core/protocol/frame.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import { SoundCheck, type Wanted } from "../render/sound-check.ts";
import type { KeptSentence } from "./kept-sentence.ts";

/** Packets of 20 ms that are decoded for it, the last ones: who says a sentence again does not wait long. */
const PACKETS = 250;
/** Characters of which at least some are said in those. */
const CHARACTERS = 100;

/**
 * Whether what was kept can be the speech that is wanted: what an earlier run took for it may have been noise. Of a sentence
 * in Opus the last five seconds are listened to; where there is only a clip in another format than WAV, its length has to do.
 */
export async function isPlausible(sentence: KeptSentence, wanted: Wanted): Promise<boolean> {
  const samples = await soundOf(sentence);
  try {
    new SoundCheck(wanted).requireLength(sentence.end.durationMs);
    if (!samples) return true;
    const check = new SoundCheck({ text: wanted.text.slice(0, CHARACTERS), voice: wanted.voice });
    check.push({ samples, sampleRate: V2_SAMPLE_RATE });
    check.end();
    return true;
  } catch {
    return false;
  }
}

/** Its end at 24 kHz, or all of it where that costs nothing. */
async function soundOf({ sound, clip }: KeptSentence): Promise<Float32Array<ArrayBuffer> | undefined> {
  const pcm = sound.payloads.get("pcm16");
  if (pcm) return int16ToFloat(new Int16Array(pcm.slice().buffer));
  const opus = sound.payloads.get("opus") ?? sound.payloads.get("opus-low");
  if (opus) return decoded(unpackOpus({ payload: opus.slice(), packets: sound.packets }).slice(-PACKETS));
  const parts =
    clip?.messages.map((message) => JSON.parse(message) as { format: string; data: string }) ?? [];
  if (parts[0]?.format !== "wav") return undefined;
  const wav = joinBytes(parts.map(({ data }) => fromBase64(data)));
  return int16ToFloat(new Int16Array(wav.slice(WAV_HEADER_BYTES).buffer));
}

async function decoded(packets: readonly Uint8Array[]): Promise<Float32Array<ArrayBuffer>> {
  const { createDecoder } = await import("libopus-wasm");
  const decoder = await createDecoder({ sampleRate: V2_SAMPLE_RATE, channels: 1 });
  try {
    return joinPcm(packets.map((packet) => decoder.decodeFloat(packet).slice()));
  } finally {
    decoder.free();
  }
}

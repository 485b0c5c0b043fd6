import { floatToInt16 } from "./pcm.ts";

/** Bytes before the samples. */
export const WAV_HEADER_BYTES = 44;

/**
 * A playable WAV file: 16-bit mono PCM, little endian (RIFF/WAVE, format tag 1).
 * @param samples −1…1
 * @param sampleRate Hz
 */
export function encodeWav(samples: Float32Array, sampleRate: number): Uint8Array<ArrayBuffer> {
  const pcm = floatToInt16(samples);
  // Every runtime Bardcast runs on is little endian, as the format wants.
  return wavOf(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), sampleRate);
}

/** The same of samples that are 16-bit little-endian already. */
export function wavOf(pcm: Uint8Array, sampleRate: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(WAV_HEADER_BYTES + pcm.byteLength);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string): void => {
    for (let i = 0; i < 4; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  tag(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  tag(8, "WAVE");
  tag(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, "data");
  view.setUint32(40, pcm.byteLength, true);
  bytes.set(pcm, WAV_HEADER_BYTES);
  return bytes;
}

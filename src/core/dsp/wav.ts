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
  const bytes = new Uint8Array(WAV_HEADER_BYTES + pcm.byteLength);
  bytes.set(wavHeader(pcm.byteLength, sampleRate));
  // Every runtime Bardcast runs on is little endian, as the format wants.
  bytes.set(new Uint8Array(pcm.buffer), WAV_HEADER_BYTES);
  return bytes;
}

/** What stands before the samples of such a file. @param pcmBytes bytes of samples @param sampleRate Hz */
export function wavHeader(pcmBytes: number, sampleRate: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string): void => {
    for (let i = 0; i < 4; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  tag(0, "RIFF");
  view.setUint32(4, WAV_HEADER_BYTES + pcmBytes - 8, true);
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
  view.setUint32(40, pcmBytes, true);
  return bytes;
}

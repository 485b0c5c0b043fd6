import { WAV_HEADER_BYTES } from "../../../core/dsp/wav.ts";

/** ms of silence between two lines. */
const PAUSE_MS = 500;
const BYTES_A_SECOND = 2 * 24_000;

/** Several WAV files of the server's, one after the other as one. */
export function joinedWav(files: readonly ArrayBuffer[]): BlobPart[] {
  const [first] = files;
  if (!first) return [];
  const pause = new Uint8Array((BYTES_A_SECOND * PAUSE_MS) / 1000);
  const sound = files.flatMap((file, index): Uint8Array<ArrayBuffer>[] => {
    const samples = new Uint8Array(file, WAV_HEADER_BYTES);
    return index === 0 ? [samples] : [pause, samples];
  });
  const header = first.slice(0, WAV_HEADER_BYTES);
  const bytes = sound.reduce((sum, { length }) => sum + length, 0);
  const view = new DataView(header);
  view.setUint32(4, WAV_HEADER_BYTES - 8 + bytes, true);
  view.setUint32(40, bytes, true);
  return [header, ...sound];
}

import { WAV_HEADER_BYTES, wavHeader } from "../../../core/dsp/wav.ts";
import { V2_SAMPLE_RATE } from "../../../core/protocol/v2.ts";

/** A file of sound that can be saved. */
export interface SoundFile {
  ending: "opus" | "wav";
  type: string;
  parts: readonly BlobPart[];
}

/** The server's sound as a file: before a WAV file it says nothing of its length, which it does not know yet. */
export function soundFile(sound: Blob, as: SoundFile["ending"]): SoundFile {
  if (as === "opus") return { ending: as, type: "audio/ogg", parts: [sound] };
  const samples = sound.slice(WAV_HEADER_BYTES);
  return { ending: as, type: "audio/wav", parts: [wavHeader(samples.size, V2_SAMPLE_RATE), samples] };
}

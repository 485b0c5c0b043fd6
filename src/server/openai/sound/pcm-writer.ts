import { wavHeader } from "../../../core/dsp/wav.ts";
import { V2_SAMPLE_RATE } from "../../../core/protocol/v2.ts";
import { type SoundWriter, writeNothing } from "./sound-writer.ts";

/** Bytes of sound in a file whose length is not known yet: the most that its header can say. */
const UNKNOWN_BYTES = 0xffff_ffff - 36;

/** 16-bit mono at 24 kHz, with the head of a WAV file or without. */
export function createPcmWriter(format: "wav" | "pcm"): SoundWriter {
  return {
    contentType: format === "wav" ? "audio/wav" : `audio/pcm;rate=${V2_SAMPLE_RATE};channels=1`,
    encoding: "pcm16",
    head: format === "wav" ? () => wavHeader(UNKNOWN_BYTES, V2_SAMPLE_RATE) : writeNothing,
    add: (bytes) => bytes,
    end: writeNothing,
    close: () => undefined,
  };
}

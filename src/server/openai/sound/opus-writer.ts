import { OggOpusWriter } from "../../../core/dsp/ogg-opus.ts";
import { unpackOpus } from "../../../core/protocol/frame.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES, V2_SAMPLE_RATE } from "../../../core/protocol/v2.ts";
import type { SoundWriter } from "./sound-writer.ts";

/** Ogg Opus, of the packets that workers made: nothing is encoded here. */
export function createOpusWriter(): SoundWriter {
  const ogg = new OggOpusWriter({
    sampleRate: V2_SAMPLE_RATE,
    packetSamples: PACKET_SAMPLES,
    preSkip: OPUS_PRE_SKIP,
  });
  return {
    contentType: "audio/ogg",
    encoding: "opus",
    head: () => ogg.head(),
    add: (payload, { packets }) => ogg.add(unpackOpus({ payload, packets })),
    end: () => ogg.end(),
    close: () => undefined,
  };
}

import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";

/** A decoder of one sentence: 24 kHz mono. */
export interface OpusDecoder {
  /** The samples of one packet. @throws Error for what is not Opus */
  decode(packet: Uint8Array): Float32Array;
  /** So many samples, a multiple of 60, that would fit where packets were lost. */
  conceal(samples: number): Float32Array;
  free(): void;
}

export type CreateOpusDecoder = () => Promise<OpusDecoder>;

/** libopus as WebAssembly, which also works outside secure contexts; loaded when it is first needed. */
export const createOpusDecoder: CreateOpusDecoder = async () => {
  const { createDecoder } = await import("libopus-wasm");
  const decoder = await createDecoder({ sampleRate: V2_SAMPLE_RATE, channels: 1 });
  return {
    decode: (packet) => decoder.decodeFloat(packet),
    conceal: (samples) => decoder.decodePacketLossFloat(samples),
    free: () => decoder.free(),
  };
};

/** Loads the decoder before it is needed; where that fails, the first utterance reports it. */
export function preload(create: CreateOpusDecoder): void {
  create().then(
    (decoder) => decoder.free(),
    () => undefined,
  );
}

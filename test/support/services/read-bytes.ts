import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { type Declared, readAudio } from "../../../src/engines/services/audio/read-audio.ts";
import { cut } from "./speaking.ts";

async function* parts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  yield* cut(bytes, size);
}

/** All that is heard of bytes that a service sends. @param size bytes that come at once */
export async function readBytes(
  bytes: Uint8Array,
  type?: string,
  { samples = 24_000, size = 333 }: Partial<Declared> & { size?: number } = {},
): Promise<{ samples: Float32Array<ArrayBuffer>; sampleRate: number | undefined }> {
  const pieces = [];
  for await (const news of readAudio(parts(bytes, size), { type, samples }))
    if ("samples" in news) pieces.push(news);
  return { samples: joinPcm(pieces.map((piece) => piece.samples)), sampleRate: pieces[0]?.sampleRate };
}

import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { RenderedPart, RenderedWord } from "../../party/render-line.ts";
import type { SoundWriter } from "./sound/sound-writer.ts";

/** Bytes of a line's sound, and the words whose times became known with them. */
export interface SpeechSound {
  bytes: Uint8Array<ArrayBuffer>;
  words: readonly RenderedWord[];
}

/**
 * A line's sound in a format, while it is made. The writer is closed in the end, whatever happens.
 * @param render begins to make it
 * @param count is told how many samples, at 24 kHz, were made
 * @throws BardcastError as `render`
 */
export async function* writtenSound(
  writer: SoundWriter,
  render: (encoding: FrameEncoding) => AsyncIterable<RenderedPart>,
  count: (samples: number) => void = () => undefined,
): AsyncGenerator<SpeechSound, void, undefined> {
  try {
    let words: readonly RenderedWord[] = [];
    let hasBegun = false;
    for await (const part of render(writer.encoding)) {
      if (part.type === "words") {
        words = [...words, ...part.words];
        continue;
      }
      if (!hasBegun) yield { bytes: writer.head(), words: [] };
      hasBegun = true;
      count(part.frame.samples);
      yield { bytes: await writer.add(part.bytes, part.frame), words };
      words = [];
    }
    if (hasBegun) yield { bytes: writer.end(), words };
  } finally {
    writer.close();
  }
}

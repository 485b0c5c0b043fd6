import type { RenderedPart, RenderedWord } from "../../party/render-line.ts";
import type { SoundWriter } from "./sound/sound-writer.ts";

/** Bytes of a line's sound, and the words whose times became known with them. */
export interface SpeechSound {
  bytes: Uint8Array<ArrayBuffer>;
  words: readonly RenderedWord[];
}

/** A line's sound in a format, while it is made. @throws BardcastError as `renderLine` */
export async function* writtenSound(
  parts: AsyncIterable<RenderedPart>,
  writer: SoundWriter,
): AsyncGenerator<SpeechSound, void, undefined> {
  try {
    let words: readonly RenderedWord[] = [];
    let hasBegun = false;
    for await (const part of parts) {
      if (part.type === "words") {
        words = [...words, ...part.words];
        continue;
      }
      if (!hasBegun) yield { bytes: writer.head(), words: [] };
      hasBegun = true;
      yield { bytes: await writer.add(part.bytes, part.frame), words };
      words = [];
    }
    if (hasBegun) yield { bytes: writer.end(), words };
  } finally {
    writer.close();
  }
}

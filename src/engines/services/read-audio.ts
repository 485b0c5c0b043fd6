import type { PcmPiece } from "../../core/audio.ts";
import { joinBytes } from "../../core/bytes.ts";
import { Mp3Decoder } from "../mp3.ts";
import { PcmReader } from "./pcm-reader.ts";
import type { ServiceNews, ServiceWords } from "./service.ts";
import { ServiceError } from "./service-error.ts";
import { WavReader } from "./wav-reader.ts";

/** What turns bytes into speech. */
interface AudioReader {
  push(bytes: Uint8Array): Iterable<PcmPiece>;
  /** What is left when the last bytes have come. */
  end?(): Iterable<PcmPiece>;
  close?(): void;
}

/**
 * Speech from bytes as they arrive: WAV and MP3 are recognised by how they begin, because servers do not
 * always send what they were asked for; anything else is 16-bit PCM. Words between the bytes are passed on.
 * @param sampleRate Hz of such PCM
 */
export async function* readAudio(
  source: AsyncIterable<Uint8Array | ServiceWords>,
  sampleRate: number,
): AsyncGenerator<ServiceNews, void, undefined> {
  let reader: AudioReader | undefined;
  let head: Uint8Array = new Uint8Array();
  let rate: number | undefined;
  try {
    for await (const bytes of source) {
      if ("words" in bytes) {
        yield bytes;
        continue;
      }
      head = reader ? bytes : joinBytes([head, bytes]);
      if (!reader && head.length < 4) continue;
      reader ??= await readerFor(head, sampleRate);
      for (const piece of reader.push(head)) {
        rate ??= piece.sampleRate;
        if (piece.sampleRate !== rate) throw new ServiceError("engine-failed", "the sample rate changed");
        yield piece;
      }
    }
    yield* reader?.end?.() ?? [];
  } finally {
    reader?.close?.();
  }
}

async function readerFor(head: Uint8Array, sampleRate: number): Promise<AudioReader> {
  const begins = (tag: string): boolean => [...tag].every((char, at) => head[at] === char.charCodeAt(0));
  if (begins("RIFF")) return new WavReader();
  if (begins("ID3") || isMp3Frame(head)) return Mp3Decoder.open();
  const pcm = new PcmReader();
  return { push: (bytes) => [{ samples: pcm.push(bytes), sampleRate }] };
}

/**
 * Whether it begins with the header of an MP3 frame (ISO/IEC 11172-3, 2.4.1.3): the sync word, layer III, a bitrate
 * and a sample rate that exist. PCM that looks so would begin with a click.
 */
function isMp3Frame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
  const bitrate = third >> 4;
  return isLayer3 && bitrate > 0 && bitrate < 15 && (third & 0x0c) !== 0x0c;
}

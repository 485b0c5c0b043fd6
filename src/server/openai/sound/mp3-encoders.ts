import { nextTurn } from "../../../core/async/time-slicer.ts";
import { joinBytes } from "../../../core/bytes.ts";
import { int16ToFloat } from "../../../core/dsp/pcm.ts";
import { BardcastError, messageOf } from "../../../core/errors.ts";
import { V2_SAMPLE_RATE } from "../../../core/protocol/v2.ts";
import { type SoundWriter, writeNothing } from "./sound-writer.ts";

/** kbit/s: speech at 24 kHz does not sound better with more. */
const BITRATE = 64;
/** Samples encoded in one turn of the event loop, 100 ms of sound: what is said meanwhile leaves in between. */
const SAMPLES_A_TURN = V2_SAMPLE_RATE / 10;
/** Encoders that are kept for the next line: making one takes longer than a short line. */
const MAX_KEPT = 4;

const PACKAGE = "wasm-media-encoders";

type Mp3Encoder = Awaited<ReturnType<typeof import("wasm-media-encoders").createMp3Encoder>>;

/** MP3 by LAME, mono at 24 kHz. The library is loaded when the first line is asked for. */
export class Mp3Encoders {
  readonly #free: Mp3Encoder[] = [];

  /** @throws BardcastError `bad-request` where the library is not installed */
  async createWriter(): Promise<SoundWriter> {
    const encoder = this.#free.pop() ?? (await create());
    encoder.configure({ sampleRate: V2_SAMPLE_RATE, channels: 1, bitrate: BITRATE });
    return {
      contentType: "audio/mpeg",
      encoding: "pcm16",
      head: writeNothing,
      add: (bytes) => encoded(encoder, bytes),
      end: () => encoder.finalize().slice(),
      close: () => {
        if (this.#free.length < MAX_KEPT) this.#free.push(encoder);
      },
    };
  }
}

async function encoded(
  encoder: Mp3Encoder,
  { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const samples = int16ToFloat(new Int16Array(buffer, byteOffset, byteLength / 2));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < samples.length; at += SAMPLES_A_TURN) {
    if (at > 0) await nextTurn();
    // What the encoder gives is its own memory, which it writes over.
    pieces.push(encoder.encode([samples.subarray(at, at + SAMPLES_A_TURN)]).slice());
  }
  return joinBytes(pieces);
}

async function create(): Promise<Mp3Encoder> {
  try {
    const { createMp3Encoder } = await import("wasm-media-encoders");
    return await createMp3Encoder();
  } catch (cause) {
    const message = `mp3 needs the package ${PACKAGE} on the server (npm install ${PACKAGE}); wav, pcm and opus need nothing`;
    throw new BardcastError("bad-request", `${message}: ${messageOf(cause)}`, { cause });
  }
}

import type { RecentUtterance } from "../../core/protocol/api.ts";
import { packOpus } from "../../core/protocol/frame.ts";
import { PACKET_SAMPLES, V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { FrameEncoding, SentenceFrame } from "../../engines/contract/sentence-job.ts";
import { createOpusEncoder } from "../../engines/render/opus.ts";
import type { RenderedPart } from "../../party/render-line.ts";
import type { SoundWriter } from "../openai/sound/sound-writer.ts";
import type { SpeechSound } from "../openai/speech-sound.ts";

/** Of silence between two lines: half a second. */
const PAUSE_SAMPLES = V2_SAMPLE_RATE / 2;
/** bit/s */
const PAUSE_BITRATE = 24_000;

/** Makes a line's sound again. */
export type RenderAgain = (line: RecentUtterance, encoding: FrameEncoding) => AsyncIterable<RenderedPart>;

/** ms of a line that were heard: all of it, unless it was stopped or broke off. */
export function heardMs({ state, report }: RecentUtterance): number {
  if (state === "done" || state === "failed") return report.durationMs > 0 ? Number.POSITIVE_INFINITY : 0;
  return Math.max(0, ...report.players.map((player) => player.heardMs));
}

/**
 * Lines as one file, each as far as it was heard, while it is made: no more than a sentence is in memory.
 * @throws BardcastError as `renderLine`, at the first line that no engine can speak any more
 */
export async function* linesSound(
  lines: readonly RecentUtterance[],
  writer: SoundWriter,
  render: RenderAgain,
): AsyncGenerator<SpeechSound, void, undefined> {
  let hasBegun = false;
  let pause: Awaited<ReturnType<typeof silence>> | undefined;
  try {
    for (const line of lines) {
      let left = (heardMs(line) * V2_SAMPLE_RATE) / 1000;
      let isFirst = true;
      for await (const part of render(line, writer.encoding)) {
        if (part.type !== "frame") continue;
        if (!hasBegun) yield only(writer.head());
        else if (isFirst) {
          pause ??= await silence(writer.encoding);
          yield only(await writer.add(...pause));
        }
        hasBegun = true;
        isFirst = false;
        yield only(await writer.add(part.bytes, part.frame));
        left -= part.frame.samples;
        if (left <= 0) break;
      }
    }
    if (hasBegun) yield only(writer.end());
  } finally {
    writer.close();
  }
}

function only(bytes: Uint8Array<ArrayBuffer>): SpeechSound {
  return { bytes, words: [] };
}

/** Silence as a frame has it. */
async function silence(
  encoding: FrameEncoding,
): Promise<[bytes: Uint8Array<ArrayBuffer>, frame: SentenceFrame]> {
  const bytes =
    encoding === "pcm16" ? new Uint8Array(2 * PAUSE_SAMPLES) : packOpus(await silentPackets(PAUSE_SAMPLES));
  const packets = PAUSE_SAMPLES / PACKET_SAMPLES;
  return [bytes, { begins: false, ends: false, packets, samples: PAUSE_SAMPLES, bytes: new Map() }];
}

async function silentPackets(samples: number): Promise<Uint8Array[]> {
  const encoder = await createOpusEncoder(PAUSE_BITRATE);
  try {
    return encoder.encode(new Float32Array(samples));
  } finally {
    encoder.free();
  }
}

import { fromBase64 } from "../../../core/base64.ts";
import { type AudioMessage, type Clip, MIN_CHUNK_BYTES } from "../../../core/protocol/dm20.ts";

/** The largest clip that is collected: minutes of WAV, an hour of Opus. */
export const MAX_CLIP_BYTES: number = 16 * 1024 * 1024;

interface OpenClip {
  first: AudioMessage;
  /** By sequence; undefined once the clip is spoilt and its remaining chunks are only to be passed over. */
  chunks: Map<number, Uint8Array> | undefined;
  bytes: number;
}

/**
 * Joins the chunks of dm20 into clips. One clip is open at a time, known by `total_chunks` and `duration_ms`;
 * within it chunks may come in any order. Another clip's chunk, or a second chunk 0, abandons an incomplete
 * clip. A clip with a chunk that is not base64, or with more than `maxBytes`, is passed over as a whole.
 */
export class ClipAssembler {
  readonly #maxBytes: number;
  #open: OpenClip | undefined;

  constructor(options: { maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? MAX_CLIP_BYTES;
  }

  /** Takes one chunk; gives the clip back that it completes. */
  add(message: AudioMessage): Clip | undefined {
    const open = this.#openFor(message);
    const { chunks } = open;
    if (!chunks || chunks.has(message.sequence)) return undefined;
    const bytes = decoded(message.data);
    open.bytes += bytes?.length ?? 0;
    if (!bytes?.length || message.sequence >= message.total_chunks || open.bytes > this.#maxBytes) {
      open.chunks = undefined;
      return undefined;
    }
    chunks.set(message.sequence, bytes);
    if (chunks.size < message.total_chunks) return undefined;
    this.#open = undefined;
    return joined(open, chunks);
  }

  #openFor(message: AudioMessage): OpenClip {
    const open = this.#open;
    const continues =
      open?.first.total_chunks === message.total_chunks &&
      open.first.duration_ms === message.duration_ms &&
      !(message.sequence === 0 && (open.chunks === undefined || open.chunks.has(0)));
    if (open && continues) return open;
    const tooMany = message.total_chunks > Math.ceil(this.#maxBytes / MIN_CHUNK_BYTES);
    this.#open = { first: message, chunks: tooMany ? undefined : new Map(), bytes: 0 };
    return this.#open;
  }
}

function decoded(data: string): Uint8Array | undefined {
  try {
    return fromBase64(data);
  } catch {
    return undefined;
  }
}

function joined({ first, bytes }: OpenClip, chunks: ReadonlyMap<number, Uint8Array>): Clip {
  const clip = new Uint8Array(bytes);
  let at = 0;
  for (let sequence = 0; sequence < chunks.size; sequence++) {
    const chunk = chunks.get(sequence) as Uint8Array;
    clip.set(chunk, at);
    at += chunk.length;
  }
  return { format: first.format, bytes: clip, sampleRate: first.sample_rate, durationMs: first.duration_ms };
}

import type { Portion } from "./portion.ts";
import { PortionClip } from "./portion-clip.ts";
import { beginOf, portionsOf } from "./portions.ts";
import { type Clip, SOUND_RATE, SoundClip } from "./sound-loop.ts";

/** Decoded sound that is kept beside what plays. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What is longer is decoded while it is heard, where it can be cut: the samples of ten minutes are 230 MB for a moment. */
const LONG = 60 * SOUND_RATE;
/** What could not be had is asked for again after so long, as long as it is wanted. */
const AGAIN_MS = 5_000;

/** Fetches and decodes files, one after the other, and keeps them as long as there is room. */
export class SoundFiles {
  readonly #fetchFile: (id: string) => Promise<ArrayBuffer>;
  readonly #onDecoded: () => void;
  /** Least recently wanted first. */
  readonly #clips = new Map<string, Clip>();
  readonly #coming = new Map<string, Promise<Clip | undefined>>();
  readonly #failedAt = new Map<string, number>();
  #work: Promise<unknown> = Promise.resolve();

  /** @param fetchFile its bytes, by the file's id @param onDecoded something is there of a long file that was silent before */
  constructor(fetchFile: (id: string) => Promise<ArrayBuffer>, onDecoded: () => void) {
    this.#fetchFile = fetchFile;
    this.#onDecoded = onDecoded;
  }

  /** What is there already. */
  of(id: string): Clip | undefined {
    return this.#clips.get(id);
  }

  /** Undefined where it cannot be had now, or this browser cannot decode it. */
  load(id: string): Promise<Clip | undefined> {
    const known = this.#clips.get(id);
    if (known) {
      this.#clips.delete(id);
      this.#clips.set(id, known);
      return Promise.resolve(known);
    }
    if (performance.now() - (this.#failedAt.get(id) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS)
      return Promise.resolve(undefined);
    const coming = this.#coming.get(id) ?? this.#begin(id);
    this.#coming.set(id, coming);
    return coming;
  }

  #begin(id: string): Promise<Clip | undefined> {
    const loading = this.#work.then(async () => {
      try {
        const file = await this.#fetchFile(id);
        const portions = longPortions(file);
        const clip = portions
          ? new PortionClip(portions, file.byteLength, decoded, this.#onDecoded)
          : await decoded(file);
        this.#keep(id, clip);
        return clip;
      } catch {
        this.#failedAt.clear();
        this.#failedAt.set(id, performance.now());
        return undefined;
      } finally {
        this.#coming.delete(id);
      }
    });
    this.#work = loading;
    return loading;
  }

  #keep(id: string, clip: Clip): void {
    this.#clips.set(id, clip);
    let bytes = [...this.#clips.values()].reduce((sum, each) => sum + each.bytes, 0);
    for (const [oldest, { bytes: size }] of this.#clips) {
      if (bytes <= MAX_BYTES || oldest === id) break;
      this.#clips.delete(oldest);
      bytes -= size;
    }
  }
}

/** The portions of a long file; undefined where it is to be decoded as a whole. */
function longPortions(file: ArrayBuffer): Portion[] | undefined {
  const portions = portionsOf(new Uint8Array(file));
  return portions && (portions.at(-1)?.to ?? 0) > LONG ? portions : undefined;
}

/** A file as it is played, from its beginning to its end, in as many pieces as it is decoded in. @throws as `decoded` */
export async function* decodedPieces(file: ArrayBuffer): AsyncGenerator<Float32Array, void, undefined> {
  const portions = longPortions(file);
  const whole = { from: 0, to: Infinity, begins: 0, ends: 0, bytes: () => new Uint8Array(file) };
  for (const portion of portions ?? [whole]) {
    const clip = await decoded(portion.bytes().buffer);
    const begins = beginOf(portion, clip.length);
    const start = portion.from - begins;
    const length = Math.max(0, Math.min(clip.length, portion.to - begins) - start);
    yield Float32Array.from({ length }, (_, i) => clip.at(start + i));
  }
}

/** Mono at 24 kHz, as it is played. @throws where this browser cannot decode it */
export async function decoded(bytes: ArrayBuffer): Promise<SoundClip> {
  const context = new OfflineAudioContext(1, 1, SOUND_RATE);
  const sound = await context.decodeAudioData(bytes);
  const channels = Array.from({ length: sound.numberOfChannels }, (_, channel) =>
    sound.getChannelData(channel),
  );
  return SoundClip.mixed(channels);
}

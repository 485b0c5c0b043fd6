import { SOUND_RATE, SoundClip } from "./sound-loop.ts";

/** Decoded sound that is kept beside what plays. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What could not be had is asked for again after so long, as long as it is wanted. */
const AGAIN_MS = 5_000;

/** Fetches and decodes files, one after the other, and keeps them as long as there is room. */
export class SoundFiles {
  readonly #fetchFile: (id: string) => Promise<ArrayBuffer>;
  /** Least recently wanted first. */
  readonly #clips = new Map<string, SoundClip>();
  readonly #coming = new Map<string, Promise<SoundClip | undefined>>();
  readonly #failedAt = new Map<string, number>();
  #work: Promise<unknown> = Promise.resolve();

  /** @param fetchFile its bytes, by the file's id */
  constructor(fetchFile: (id: string) => Promise<ArrayBuffer>) {
    this.#fetchFile = fetchFile;
  }

  /** What is there already. */
  of(id: string): SoundClip | undefined {
    return this.#clips.get(id);
  }

  /** Undefined where it cannot be had now, or this browser cannot decode it. */
  load(id: string): Promise<SoundClip | undefined> {
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

  #begin(id: string): Promise<SoundClip | undefined> {
    const loading = this.#work.then(async () => {
      try {
        const clip = await decoded(await this.#fetchFile(id));
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

  #keep(id: string, clip: SoundClip): void {
    this.#clips.set(id, clip);
    let bytes = [...this.#clips.values()].reduce((sum, each) => sum + each.bytes, 0);
    for (const [oldest, { bytes: size }] of this.#clips) {
      if (bytes <= MAX_BYTES || oldest === id) break;
      this.#clips.delete(oldest);
      bytes -= size;
    }
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

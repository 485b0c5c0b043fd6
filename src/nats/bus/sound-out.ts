import { oncePerTurn } from "../../core/async/time-slicer.ts";
import type { Encoding, FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { AudioClip, AudioFrame } from "../../party/fan-out/audio-frame.ts";
import { type BurstHead, encodeBurst, type FrameMeta } from "./sound-burst.ts";

/** Bytes of one burst: a server takes 1 MiB by default. */
const MAX_BURST_BYTES = 384 * 1024;

/** What is sent of a line's sound. */
export interface SoundLine {
  u: string;
  /** The holder's epoch, and the last entry of the log that was told. */
  place: () => Pick<BurstHead, "e" | "i">;
  /** What other nodes' listeners need of it. */
  encodings: () => readonly Encoding[];
  publish: (encoding: Encoding, bytes: Uint8Array) => void;
}

/** The state of a line's sound: whether it is inside a sentence, and how many are complete. */
export type SoundState = Pick<BurstHead, "inside" | "done">;

/** Gathers the sound of one line that is made in a turn, and sends it once for each encoding that some node needs. */
export class SoundOut {
  readonly #line: SoundLine;
  #isInside = false;
  #done = 0;
  #frames: AudioFrame[] = [];
  #next = 0;
  #isNews = false;
  readonly #sendSoon = oncePerTurn(() => this.#send());

  constructor(line: SoundLine) {
    this.#line = line;
  }

  get state(): SoundState {
    return { inside: this.#isInside, done: this.#done };
  }

  frame(frame: AudioFrame): void {
    this.#isInside = true;
    this.#frames.push(frame);
    this.#next = frame.sequence + 1;
    this.#sendSoon();
  }

  clip(clip: Omit<AudioClip, "fromMs">, from: number): void {
    // A clip is a whole sentence; whoever gets clips knows by it that the sentence is over.
    if (!this.#line.encodings().includes("dm20")) return;
    const head = { ...this.#line.place(), u: this.#line.u, ...this.state, done: this.#done + 1 };
    for (const burst of clipBursts(head, clip, from)) this.#line.publish("dm20", burst);
  }

  end(): void {
    this.#done += 1;
    this.#isNews = true;
    this.#sendSoon();
  }

  leave(): void {
    this.#isInside = false;
    this.#isNews = true;
    this.#sendSoon();
  }

  #send(): void {
    const frames = this.#frames;
    if (frames.length === 0 && !this.#isNews) return;
    this.#frames = [];
    this.#isNews = false;
    const head = { ...this.#line.place(), u: this.#line.u, ...this.state };
    const encodings = this.#line.encodings().filter((encoding) => encoding !== "dm20");
    for (const { encoding, bytes } of frameBursts(head, frames, encodings, this.#next))
      this.#line.publish(encoding, bytes);
  }
}

type LineHead = Pick<BurstHead, "e" | "i" | "u" | "inside" | "done">;

/** Frames as bursts, all encodings of one stretch together; where the last has none, a burst says how the line is. @param next the frame that comes next */
export function* frameBursts(
  head: LineHead,
  frames: readonly AudioFrame[],
  encodings: readonly FrameEncoding[],
  next: number,
): Generator<{ encoding: FrameEncoding; bytes: Uint8Array }, void, undefined> {
  const stretches = [...stretchesOf(frames)];
  for (const stretch of stretches) {
    const { first, last } = stretch;
    const made = [...first.messages.keys()];
    const metas = stretch.frames.map(
      ({ sentence, samples, ptsSamples, begins }): FrameMeta => [sentence, samples, ptsSamples, begins],
    );
    // How the line is, is true behind its last frame.
    const state = stretch === stretches.at(-1) ? {} : { inside: true, done: last.sentence };
    for (const enc of encodings.filter((each) => made.includes(each))) {
      const items = stretch.frames.flatMap(({ messages }) => messages.get(enc) ?? []);
      const burst = { ...head, ...state, enc, made, from: first.sequence, frames: metas };
      yield { encoding: enc, bytes: encodeBurst(burst, items) };
    }
  }
  const told = stretches.at(-1)?.first.messages;
  for (const enc of encodings)
    if (!told?.has(enc))
      yield { encoding: enc, bytes: encodeBurst({ ...head, enc, made: [], from: next, frames: [] }, []) };
}

interface Stretch {
  first: AudioFrame;
  last: AudioFrame;
  frames: AudioFrame[];
}

/** Frames without a hole between them, made in the same encodings, as many as one burst takes. */
function* stretchesOf(frames: readonly AudioFrame[]): Generator<Stretch, void, undefined> {
  let stretch: Stretch | undefined;
  let bytes = 0;
  for (const frame of frames) {
    const largest = Math.max(0, ...[...frame.messages.values()].map(({ length }) => length));
    const goesOn =
      stretch?.last.sequence === frame.sequence - 1 &&
      hasSameEncodings(stretch.first, frame) &&
      bytes + largest <= MAX_BURST_BYTES;
    if (stretch && goesOn) {
      stretch.frames.push(frame);
      stretch.last = frame;
      bytes += largest;
    } else {
      if (stretch) yield stretch;
      stretch = { first: frame, last: frame, frames: [frame] };
      bytes = largest;
    }
  }
  if (stretch) yield stretch;
}

function hasSameEncodings({ messages: one }: AudioFrame, { messages: other }: AudioFrame): boolean {
  return one.size === other.size && [...one.keys()].every((encoding) => other.has(encoding));
}

/** A clip as bursts. */
export function* clipBursts(
  head: LineHead,
  { durationMs: ms, sentence, messages }: Omit<AudioClip, "fromMs">,
  from: number,
): Generator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for (let at = 0; at < messages.length || at === 0; ) {
    const items: Uint8Array[] = [];
    const first = at;
    for (let bytes = 0; at < messages.length && (bytes === 0 || bytes < MAX_BURST_BYTES); at++) {
      const item = encoder.encode(messages[at]);
      items.push(item);
      bytes += item.length;
    }
    const more = at < messages.length;
    yield encodeBurst(
      { ...head, enc: "dm20", made: [], from, clip: { ms, sentence, at: first, more } },
      items,
    );
    if (at === 0) return;
  }
}

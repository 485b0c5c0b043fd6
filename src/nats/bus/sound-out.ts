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
    for (const encoding of this.#line.encodings()) {
      if (encoding === "dm20") continue;
      for (const burst of frameBursts(head, frames, encoding, this.#next))
        this.#line.publish(encoding, burst);
    }
  }
}

type LineHead = Pick<BurstHead, "e" | "i" | "u" | "inside" | "done">;

/** Frames in one encoding as bursts; without frames, one that only says how the line is. @param next the frame that comes next */
export function* frameBursts(
  head: LineHead,
  frames: readonly AudioFrame[],
  enc: FrameEncoding,
  next: number,
): Generator<Uint8Array, void, undefined> {
  const made = frames.filter(({ messages }) => messages.has(enc));
  for (let at = 0; at < made.length || at === 0; ) {
    const items: Uint8Array[] = [];
    const metas: FrameMeta[] = [];
    const from = made[at]?.sequence ?? next;
    let bytes = 0;
    for (let frame = made[at]; frame && frame.sequence === from + metas.length; frame = made[at]) {
      const item = frame.messages.get(enc) ?? new Uint8Array();
      if (items.length > 0 && bytes + item.length > MAX_BURST_BYTES) break;
      items.push(item);
      bytes += item.length;
      metas.push([frame.sentence, frame.samples, frame.ptsSamples, frame.begins]);
      at += 1;
    }
    // How the line is, is true behind its last frame.
    const state = at < made.length ? { inside: true, done: made[at - 1]?.sentence ?? head.done } : {};
    const inMade = [...(made[at - 1]?.messages.keys() ?? [])];
    yield encodeBurst({ ...head, ...state, enc, made: inMade, from, frames: metas }, items);
    if (at === 0) return;
  }
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
    for (let bytes = 0; at < messages.length && (bytes === 0 || bytes < MAX_BURST_BYTES); at++) {
      const item = encoder.encode(messages[at]);
      items.push(item);
      bytes += item.length;
    }
    const more = at < messages.length;
    yield encodeBurst({ ...head, enc: "dm20", made: [], from, clip: { ms, sentence, more } }, items);
    if (at === 0) return;
  }
}

/**
 * A sentence that was said, as it is kept, and how it is said again: its packets are cut into frames for other
 * listeners than it was made for, and none is encoded again.
 * @module
 */
import { joinBytes } from "../../core/bytes.ts";
import { FRAME_HEADER_BYTES } from "../../core/protocol/frame.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../core/protocol/v2.ts";
import {
  type Encoding,
  type FrameEncoding,
  isFrameEncoding,
  type SentenceEvent,
  type SentenceFrame,
  type SentenceJob,
} from "../contract/sentence-job.ts";
import { FramePace } from "../render/frame-pace.ts";

type Of<Type extends SentenceEvent["type"]> = Extract<SentenceEvent, { type: Type }>;

/** A stretch of sound in packets: payloads of frames without their headers. Never written to. */
export interface Stretch {
  packets: number;
  payloads: ReadonlyMap<FrameEncoding, Uint8Array>;
}

/** One whole sentence, ready to be said again. Shared by everybody who says it, changed by nobody. */
export interface KeptSentence {
  words: readonly Of<"words">[];
  /** All of its sound; without packets where no v2 encoding was ordered. */
  sound: Stretch;
  clip?: Of<"clip">;
  end: Of<"end">;
}

/** The forms it is there in. */
export function encodingsOf({ sound, clip }: KeptSentence): Encoding[] {
  return [...sound.payloads.keys(), ...(clip ? ["dm20" as const] : [])];
}

/** Its size in memory, approximately. */
export function bytesOf({ words, sound, clip }: KeptSentence): number {
  let bytes = 0;
  for (const event of words) bytes += 64 * event.words.length;
  for (const payload of sound.payloads.values()) bytes += payload.length;
  for (const message of clip?.messages ?? []) bytes += message.length;
  return bytes;
}

/** The sound of a frame that was, or will be, given a header: a view that leaves the header out. */
export function stretchOf({ packets, bytes }: SentenceFrame): Stretch {
  const payloads = new Map(
    [...bytes].map(([encoding, message]) => [encoding, message.subarray(FRAME_HEADER_BYTES)]),
  );
  return { packets, payloads };
}

/** The sentence that these events add up to. @param events all of them, `end` last */
export function keep(events: readonly SentenceEvent[], end: Of<"end">): KeptSentence {
  const of = <Type extends SentenceEvent["type"]>(type: Type): Of<Type>[] =>
    events.filter((event): event is Of<Type> => event.type === type);
  const stretches = of("frame").map(({ frame }) => stretchOf(frame));
  const encodings = [...(stretches[0]?.payloads.keys() ?? [])];
  const payloads = new Map(
    encodings.map((encoding) => [encoding, joinBytes(payloadsOf(encoding, stretches))]),
  );
  const packets = stretches.reduce((sum, stretch) => sum + stretch.packets, 0);
  const [clip] = of("clip");
  return { words: of("words"), sound: { packets, payloads }, ...(clip ? { clip } : {}), end };
}

/**
 * Says it again: frames of its own for each caller, cut to the lead that its listeners have.
 * @param aheadMs as in `SentenceJob`
 */
export function* replay(
  { words, sound, clip, end }: KeptSentence,
  encodings: readonly Encoding[],
  aheadMs: number,
): Generator<SentenceEvent, void, undefined> {
  yield* words;
  const wanted = encodings.filter(isFrameEncoding);
  if (wanted.length > 0) {
    for (const frame of new FrameRecutter(wanted, aheadMs).finish(sound)) yield { type: "frame", frame };
  }
  if (clip && encodings.includes("dm20")) yield clip;
  yield { ...end, isKept: true };
}

/**
 * Cuts sound that is encoded already into frames for other listeners than it was made for: packets are
 * copied, none is encoded again. The copies have room for a header of their own.
 */
export class FrameRecutter {
  readonly #encodings: readonly FrameEncoding[];
  readonly #pace: FramePace;
  /** Stretches still to be cut, and the position of the next cut in the first of them. */
  #stretches: Stretch[] = [];
  #packets = 0;
  #isFirst = true;

  /**
   * @param encodings among those of the sound
   * @param aheadMs as in `SentenceJob`
   */
  constructor(encodings: readonly FrameEncoding[], aheadMs: number) {
    this.#encodings = encodings;
    this.#pace = new FramePace(aheadMs);
  }

  /** Takes a stretch that is not the sentence's last; gives the frames it completes. */
  *push(stretch: Stretch): Generator<SentenceFrame, void, undefined> {
    this.#add(stretch);
    for (let size = this.#size(); this.#packets >= size; size = this.#size()) yield this.#take(size, false);
  }

  /** Takes the sentence's last stretch; gives all frames that are left. */
  *finish(stretch: Stretch): Generator<SentenceFrame, void, undefined> {
    this.#add(stretch);
    while (this.#packets > 0) {
      const size = Math.min(this.#size(), this.#packets);
      yield this.#take(size, size === this.#packets);
    }
  }

  #size(): number {
    return this.#pace.size() / PACKET_SAMPLES;
  }

  #add(stretch: Stretch): void {
    this.#stretches.push(stretch);
    this.#packets += stretch.packets;
  }

  #take(packets: number, ends: boolean): SentenceFrame {
    const begins = this.#isFirst;
    const parts = this.#split(packets);
    this.#isFirst = false;
    this.#packets -= packets;
    const samples = packets * PACKET_SAMPLES;
    this.#pace.made(samples);
    return {
      begins,
      ends,
      packets,
      samples: begins ? samples - OPUS_PRE_SKIP : samples,
      bytes: new Map(this.#encodings.map((encoding) => [encoding, framed(encoding, parts)])),
    };
  }

  /** Takes so many packets off what waits. */
  #split(packets: number): Stretch[] {
    const parts: Stretch[] = [];
    for (let left = packets; left > 0; ) {
      const [stretch] = this.#stretches;
      if (!stretch) throw new RangeError("there are fewer packets than are to be taken");
      if (stretch.packets <= left) {
        parts.push(stretch);
        this.#stretches.shift();
        left -= stretch.packets;
        continue;
      }
      const [part, rest] = this.#halves(stretch, left, this.#isFirst && parts.length === 0);
      parts.push(part);
      this.#stretches[0] = rest;
      left = 0;
    }
    return parts;
  }

  #halves({ packets, payloads }: Stretch, first: number, begins: boolean): [Stretch, Stretch] {
    const part = new Map<FrameEncoding, Uint8Array>();
    const rest = new Map<FrameEncoding, Uint8Array>();
    for (const encoding of this.#encodings) {
      const payload = payloads.get(encoding) ?? new Uint8Array(0);
      const at = encoding === "pcm16" ? pcmBytes(first, begins) : opusBytes(payload, first);
      part.set(encoding, payload.subarray(0, at));
      rest.set(encoding, payload.subarray(at));
    }
    return [
      { packets: first, payloads: part },
      { packets: packets - first, payloads: rest },
    ];
  }
}

/** One caller's share of a sentence that is made for several: the encodings that it ordered. */
export class OwnShare {
  readonly #encodings: readonly Encoding[];
  /** Where the frames are somebody else's, and cut to the lead of other listeners. */
  readonly #recutter: FrameRecutter | undefined;

  constructor({ encodings, aheadMs }: SentenceJob, { isCopied }: { isCopied: boolean }) {
    this.#encodings = encodings;
    this.#recutter = isCopied ? new FrameRecutter(encodings.filter(isFrameEncoding), aheadMs) : undefined;
  }

  /** The events that the caller gets in place of one event. */
  of(event: SentenceEvent): SentenceEvent[] {
    if (event.type === "frame")
      return Array.from(this.#frames(event.frame), (frame) => ({ type: "frame", frame }));
    return event.type !== "clip" || this.#encodings.includes("dm20") ? [event] : [];
  }

  #frames(made: SentenceFrame): Iterable<SentenceFrame> {
    const bytes = new Map([...made.bytes].filter(([encoding]) => this.#encodings.includes(encoding)));
    if (bytes.size === 0) return [];
    const frame = { ...made, bytes };
    if (!this.#recutter) return [frame];
    const stretch = stretchOf(frame);
    return frame.ends ? this.#recutter.finish(stretch) : this.#recutter.push(stretch);
  }
}

/** Whether the payloads are as long as their packets say. */
export function isSound({ packets, payloads }: Stretch): boolean {
  return [...payloads].every(([encoding, payload]) => {
    if (encoding === "pcm16") return payload.length === 2 * (packets * PACKET_SAMPLES - OPUS_PRE_SKIP);
    let at = 0;
    let found = 0;
    for (; at + 2 <= payload.length; found++) at += 2 + lengthAt(payload, at);
    return at === payload.length && found === packets;
  });
}

/** A sentence's first frame of PCM is as much shorter as Opus has to skip. */
function pcmBytes(packets: number, begins: boolean): number {
  return 2 * (packets * PACKET_SAMPLES - (begins ? OPUS_PRE_SKIP : 0));
}

function opusBytes(payload: Uint8Array, packets: number): number {
  let at = 0;
  for (let packet = 0; packet < packets; packet++) at += 2 + lengthAt(payload, at);
  return at;
}

/** Bytes of the packet of Opus whose length stands at `at`. */
function lengthAt(payload: Uint8Array, at: number): number {
  return (payload[at] ?? 0) | ((payload[at + 1] ?? 0) << 8);
}

/** Payloads behind room for a header. */
function framed(encoding: FrameEncoding, parts: readonly Stretch[]): Uint8Array<ArrayBuffer> {
  return joinBytes([new Uint8Array(FRAME_HEADER_BYTES), ...payloadsOf(encoding, parts)]);
}

function payloadsOf(encoding: FrameEncoding, parts: readonly Stretch[]): Uint8Array[] {
  return parts.map(({ payloads }) => payloads.get(encoding) ?? new Uint8Array(0));
}

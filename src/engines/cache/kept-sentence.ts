import { FRAME_HEADER_BYTES } from "../../core/protocol/frame.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../core/protocol/v2.ts";
import {
  type Encoding,
  isFrameEncoding,
  type SentenceEvent,
  type SentenceFrame,
} from "../contract/sentence-job.ts";
import { FrameRecutter } from "./frame-recutter.ts";
import { lengthAt, type Stretch } from "./stretch.ts";

type Of<Type extends SentenceEvent["type"]> = Extract<SentenceEvent, { type: Type }>;

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

/** What it takes of memory, about. */
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

/** What a sentence's events come to. @param events all of them, `end` last */
export function keep(events: readonly SentenceEvent[], end: Of<"end">): KeptSentence {
  const of = <Type extends SentenceEvent["type"]>(type: Type): Of<Type>[] =>
    events.filter((event): event is Of<Type> => event.type === type);
  const stretches = of("frame").map(({ frame }) => stretchOf(frame));
  const encodings = [...(stretches[0]?.payloads.keys() ?? [])];
  const payloads = new Map(
    encodings.map((encoding) => [encoding, joined(stretches.map(({ payloads }) => payloads.get(encoding)))]),
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

function joined(parts: readonly (Uint8Array | undefined)[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    if (part) out.set(part, at);
    at += part?.length ?? 0;
  }
  return out;
}

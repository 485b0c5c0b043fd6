import {
  type Check,
  isAmount,
  isCount,
  isNumber,
  isText,
  listOf,
  type OtherMessage,
  objectOf,
  optional,
} from "../../client/session/shapes.ts";
import type { Bed, GainRamp, SoundMessage } from "../../core/protocol/sounds.ts";

/** More than a server lets play at once, with those that fade out. */
const MAX_BEDS = 64;

const isRamp = objectOf({ from: isAmount, to: isAmount, at: isNumber, ms: isAmount } satisfies Record<
  keyof GainRamp,
  Check
>);
const isBed = objectOf({ sound: isText, startAt: isNumber, gain: isRamp } satisfies Record<keyof Bed, Check>);

const SHAPES: Readonly<Record<SoundMessage["type"], Check>> = {
  "sound.beds": objectOf({ at: isNumber, beds: listOf(isBed, MAX_BEDS), gain: isRamp, duckDb: isAmount }),
  "sound.hit": objectOf({ sound: isText, gain: isAmount, seed: isNumber, startAt: optional(isNumber) }),
  "sound.cue": objectOf({
    offset: isCount,
    utterance: isText,
    atMs: isAmount,
    startAt: optional(isNumber),
    sound: isText,
    gain: isAmount,
    seed: isNumber,
  }),
};

/** A message about the sound of the place; undefined for what is malformed or of a type not known here. */
export function soundMessageOf(message: OtherMessage): SoundMessage | undefined {
  const { type } = message;
  const isKnown = Object.hasOwn(SHAPES, type) && SHAPES[type as SoundMessage["type"]](message);
  return isKnown ? (message as unknown as SoundMessage) : undefined;
}

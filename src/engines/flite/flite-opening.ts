import {
  FLITE_SAMPLE_RATE,
  type FliteOrder,
  type FliteSpeech,
  type FliteSynth,
  type Phone,
} from "./flite-synth.ts";

/** A clause, up to its mark; a point may be that of an abbreviation. */
const CLAUSE_END = /[A-Za-z0-9]['")]*\s*[,;:!?]['")]*\s+/g;
/** Words that are spoken along with the clause because they shape how it ends: three words without punctuation. */
const BEHIND = /^(?:[A-Za-z0-9'$%-]+\s+){3}/;
/** Characters of a clause that lasts for a second, to which the sound chain listens before it gives anything out. */
const MIN_CLAUSE = 22;
/** Characters of the rest at least: what is shorter takes no time. */
const MIN_REST = 16;
const PAUSE = "pau";

/** The first clause of a sentence, as it is in the whole sentence. */
export interface Opening {
  /** Mono, 16 kHz; it ends in the middle of a pause. */
  samples: Int16Array<ArrayBuffer>;
  /** Which pause that is: the one before the first word is 0. */
  pause: number;
}

/**
 * Speaks the first clause of a sentence, so that it can be heard while the whole is spoken. Flite looks no further than
 * the words behind a pause: with three of them, the clause has the same sounds, which last as long as in the whole.
 * @returns undefined where the sentence has no such clause, or is short
 */
export function speakOpening(synth: FliteSynth, order: FliteOrder): Opening | undefined {
  const ascii = openingText(order.ascii, MIN_CLAUSE / order.stretch);
  if (ascii === undefined) return undefined;
  const { samples, phones } = synth.speak({ ...order, ascii });
  const pause = phones.slice(0, -1).filter(isPause).length - 1;
  const cut = middleOf(phones, pause);
  return pause < 1 || cut === undefined ? undefined : { samples: samples.subarray(0, cut), pause };
}

/** The whole sentence with its opening in place of the clause. */
export function withOpening({ samples, pause }: Opening, whole: FliteSpeech): FliteSpeech {
  const cut = middleOf(whole.phones, pause) ?? samples.length;
  const joined = new Int16Array(samples.length + whole.samples.length - cut);
  joined.set(samples);
  joined.set(whole.samples.subarray(cut), samples.length);
  const shiftMs = msOf(samples.length - cut);
  const phones = whole.phones.map(({ name, endMs }) => ({
    name,
    endMs: endMs < msOf(cut) ? endMs : endMs + shiftMs,
  }));
  return { samples: joined, phones };
}

/** The first clause of so many characters, and the words behind it. */
function openingText(ascii: string, minClause: number): string | undefined {
  for (const { 0: mark, index } of ascii.matchAll(CLAUSE_END)) {
    const end = index + mark.length;
    const behind = BEHIND.exec(ascii.slice(end))?.[0] ?? "";
    const rest = ascii.length - end - behind.length;
    if (end >= minClause && behind !== "" && rest >= MIN_REST) return ascii.slice(0, end) + behind;
  }
  return undefined;
}

/** The middle of a pause, in samples. */
function middleOf(phones: readonly Phone[], pause: number): number | undefined {
  let count = -1;
  const at = phones.findIndex((phone) => isPause(phone) && ++count === pause);
  const [before, itself] = [phones[at - 1], phones[at]];
  if (!before || !itself) return undefined;
  return Math.round((((before.endMs + itself.endMs) / 2) * FLITE_SAMPLE_RATE) / 1000);
}

function isPause({ name }: Phone): boolean {
  return name === PAUSE;
}

function msOf(samples: number): number {
  return (samples * 1000) / FLITE_SAMPLE_RATE;
}

import { counting } from "./speaking.ts";

/**
 * A part of what ElevenLabs answers: sound, and characters of 10 ms each, counted from where the part begins.
 * @param sound by default 100 ms that count on from the part before
 */
export function elevenLabsPart(index: number, chars: string, sound?: Uint8Array): string {
  return JSON.stringify({
    audio: Buffer.from(sound ?? counting(2400, index * 2400)).toString("base64"),
    alignment: {
      chars: [...chars],
      charStartTimesMs: [...chars].map((_, at) => at * 10),
      charDurationsMs: [...chars].map(() => 10),
    },
    normalizedAlignment: null,
    isFinal: null,
  });
}

/** The same as the socket for dialogues writes it. */
export function dialoguePart(index: number, chars: string): string {
  const { audio, alignment } = JSON.parse(elevenLabsPart(index, chars));
  const { charStartTimesMs: char_start_times_ms, charDurationsMs: char_durations_ms } = alignment;
  return JSON.stringify({
    audio,
    alignment: { chars: alignment.chars, char_start_times_ms, char_durations_ms },
  });
}

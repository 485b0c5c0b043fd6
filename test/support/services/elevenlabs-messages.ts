import { counting } from "./speaking.ts";

/** A part of what ElevenLabs answers: 100 ms of sound, and characters of 10 ms each, counted from where the part begins. */
export function elevenLabsPart(index: number, chars: string): string {
  return JSON.stringify({
    audio: Buffer.from(counting(2400, index * 2400)).toString("base64"),
    alignment: {
      chars: [...chars],
      charStartTimesMs: [...chars].map((_, at) => at * 10),
      charDurationsMs: [...chars].map(() => 10),
    },
    normalizedAlignment: null,
    isFinal: null,
  });
}

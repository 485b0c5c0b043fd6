import { counting } from "./speaking.ts";

/**
 * A part of what ElevenLabs answers, and characters of 10 ms each, counted from where the part begins.
 * @param samples of sound; by default 100 ms
 */
export function elevenLabsPart(index: number, chars: string, samples = 2400): string {
  return JSON.stringify({
    audio: Buffer.from(counting(samples, index * samples)).toString("base64"),
    alignment: {
      chars: [...chars],
      charStartTimesMs: [...chars].map((_, at) => at * 10),
      charDurationsMs: [...chars].map(() => 10),
    },
    normalizedAlignment: null,
    isFinal: null,
  });
}

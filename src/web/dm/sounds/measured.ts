import { LoudnessMeter } from "../../../core/dsp/loudness.ts";
import type { SoundMeasure } from "../../../core/protocol/sounds.ts";
import { decodedPieces } from "../../place/sound-files.ts";
import { SOUND_RATE } from "../../place/sound-loop.ts";

/** Seconds of sound that are looked at before somebody else has a turn. */
const PIECE = SOUND_RATE * 5;

/** How loud a file is as it is played, by ITU-R BS.1770. @throws where this browser cannot decode it */
export async function measured(bytes: ArrayBuffer): Promise<SoundMeasure> {
  const meter = new LoudnessMeter(SOUND_RATE);
  let peak = 0;
  for await (const sound of decodedPieces(bytes))
    for (let from = 0; from < sound.length; from += PIECE) {
      const piece = sound.subarray(from, from + PIECE);
      meter.push(piece);
      for (const sample of piece) peak = Math.max(peak, Math.abs(sample));
      await new Promise((resolve) => setTimeout(resolve));
    }
  return { lufs: meter.lufs ?? null, peak };
}

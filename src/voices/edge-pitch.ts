/** Fundamentals that Hz offsets are taken from, where nothing tells them: typical adult speech. */
const MALE_HZ = 120;
const FEMALE_HZ = 210;

/**
 * Files written for Edge-TTS give pitch as an offset in Hz (`-40`, `"+35Hz"`); ours is in semitones.
 * @param name the entry's key, which may tell the speaker's gender
 * @returns the entry with its pitch in semitones, or undefined where there is nothing to convert
 */
export function fromEdgePitch(raw: unknown, name: string): Record<string, unknown> | undefined {
  if (raw === null || typeof raw !== "object" || Array.isArray(raw)) return undefined;
  const entry = raw as Record<string, unknown>;
  if (!/^edge(-tts)?$/i.test(String(entry.engine ?? ""))) return undefined;
  const offset = Number(/^\s*([+-]?\d+(?:\.\d+)?)\s*(?:Hz)?\s*$/i.exec(String(entry.pitch ?? ""))?.[1]);
  if (!Number.isFinite(offset) || offset === 0) return undefined;
  const hints = `${name} ${entry.voice_id ?? entry.voice ?? ""}`;
  const base = /female|aria|jenny|sonia|libby|elsa|isabella|michelle|ana\b/i.test(hints)
    ? FEMALE_HZ
    : MALE_HZ;
  const semitones = 12 * Math.log2(Math.max(base + offset, base / 4) / base);
  return { ...entry, pitch: Math.round(semitones * 10) / 10 };
}

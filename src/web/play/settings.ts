import { MAX_TRIM_MS } from "../../core/protocol/tuning.ts";
import { WORDS_APPEAR, type WordsAppear } from "./captions/caption.ts";
import { LIGHTS, type Light } from "./device/light.ts";

const KEY = "bardcast.listening";

/** How somebody likes to listen on this device. */
export interface Settings {
  muted: boolean;
  /** 0…1 */
  volume: number;
  /** How loud each speaker is beside that: 0…1, by the name that lines give; 1 where none is said. */
  levels: Readonly<Record<string, number>>;
  /** When words appear. */
  words: WordsAppear;
  /** An index of `SIZES`. */
  size: number;
  light: Light;
  /** Whether the screen is kept on while there is sound. */
  awake: boolean;
  /** By how much the device sounds later than it says: −500…500 */
  trimMs: number;
}

/** Of the words: times what the width gives. */
export const SIZES = [0.8, 1, 1.3, 1.7] as const;

/** Speakers whose loudness is kept; the oldest go first. */
const MAX_LEVELS = 50;

const FIRST: Settings = {
  muted: false,
  volume: 1,
  levels: {},
  words: "at-once",
  size: 1,
  light: "device",
  awake: true,
  trimMs: 0,
};

/** How loud a speaker is, whatever they are called: 0…1 */
export function levelOf({ levels }: Pick<Settings, "levels">, speaker: string): number {
  return Object.hasOwn(levels, speaker) ? (levels[speaker] ?? 1) : 1;
}

/** What was chosen last on this device, as far as it makes sense. */
export function loadSettings(): Settings {
  const { muted, volume, levels, words, size, light, awake, trimMs } = kept();
  const isOne = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= 1;
  const isMap = typeof levels === "object" && levels !== null;
  return {
    muted: typeof muted === "boolean" ? muted : FIRST.muted,
    volume: isOne(volume) ? volume : FIRST.volume,
    levels: isMap
      ? Object.fromEntries(Object.entries(levels).filter(([, level]) => isOne(level)))
      : FIRST.levels,
    words: WORDS_APPEAR.find((each) => each === words) ?? FIRST.words,
    size: typeof size === "number" && size in SIZES ? size : FIRST.size,
    light: LIGHTS.find((each) => each === light) ?? FIRST.light,
    awake: typeof awake === "boolean" ? awake : FIRST.awake,
    trimMs: typeof trimMs === "number" && Math.abs(trimMs) <= MAX_TRIM_MS ? trimMs : FIRST.trimMs,
  };
}

/** Keeps them for the next time, where the browser keeps anything. */
export function saveSettings(settings: Settings): void {
  const { muted, volume, words, size, light, awake, trimMs } = settings;
  const levels = Object.fromEntries(Object.entries(settings.levels).slice(-MAX_LEVELS));
  try {
    const chosen = { muted, volume, levels, words, size, light, awake, trimMs };
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // Private windows keep nothing.
  }
}

function kept(): { [Name in keyof Settings]?: unknown } {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

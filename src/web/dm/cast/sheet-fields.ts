import type { CharacterInfo } from "../../../core/protocol/api.ts";
import type { Colour } from "../../../core/protocol/colours.ts";

/** A character's sheet, as it is written: what is empty is not written. */
export interface Sheet {
  name: string;
  race: string;
  gender: string;
  say: string;
  notes: string;
  colour: Colour;
  voice: Readonly<Record<string, unknown>>;
}

export function sheetOf(character: CharacterInfo): Sheet {
  const { name, race = "", gender = "", say = "", notes = "", colour, voice = {} } = character;
  return { name, race, gender, say, notes, colour, voice };
}

/** The sheet with something else in its voice; nothing, or as it is anyway: that is not written. */
export function withVoice(sheet: Sheet, part: Readonly<Record<string, unknown>>): Sheet {
  const all = Object.entries({ ...sheet.voice, ...part });
  const said = all.filter(([, value]) => value !== undefined && value !== "");
  return { ...sheet, voice: Object.fromEntries(said) };
}

const SPEEDS = [
  [0.85, "slow"],
  [0.97, "a little slow"],
  [1.03, "as it is"],
  [1.15, "a little quick"],
] as const;
const PITCHES = [
  [-3, "low"],
  [-0.5, "a little low"],
  [0.5, "as it is"],
  [3, "a little high"],
] as const;

function worded(value: number, steps: readonly (readonly [number, string])[], most: string): string {
  return steps.find(([limit]) => value < limit)?.[1] ?? most;
}

/** A speed in words; 1 is normal. */
export function speedWords(speed: number): string {
  return worded(speed, SPEEDS, "quick");
}

/** A pitch in words; in semitones. */
export function pitchWords(pitch: number): string {
  return worded(pitch, PITCHES, "high");
}

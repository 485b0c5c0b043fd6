import { z } from "zod";
import { displayName } from "../../core/display-name.ts";
import { once } from "../../core/once.ts";
import { COLOURS, type Colour } from "../../core/protocol/colours.ts";
import { parseInput } from "../../core/protocol/messages.ts";
import { stableChoice } from "../../core/stable-choice.ts";
import { nameKey } from "../registry-keys.ts";
import { isRecord } from "../voice-config.ts";

/** Characters of notes. */
const MAX_NOTES = 4_000;
/** Characters of a name, a race, and of how a name is said. */
const MAX_WORDS = 200;

/** What is written of a character beside their voice; all of it may be left out. */
export interface CharacterSheet {
  /** As it is shown; by default the id as people write it. */
  name?: string | undefined;
  /** Any, in anybody's words. */
  race?: string | undefined;
  gender?: string | undefined;
  /** How the name is said: `Drist`, or phonetic letters between slashes. */
  say?: string | undefined;
  /** By default one that follows from the id. */
  colour?: Colour | undefined;
  notes?: string | undefined;
}

const SHEET_FIELDS = ["name", "race", "gender", "say", "colour", "notes"] as const;

const words = (most: number): z.ZodOptional<z.ZodString> => z.string().trim().min(1).max(most).optional();

const sheetFields = once(
  () =>
    ({
      name: words(MAX_WORDS),
      race: words(MAX_WORDS),
      gender: words(MAX_WORDS),
      say: words(MAX_WORDS),
      colour: z.enum(COLOURS, { error: `expected a colour among ${COLOURS.join(", ")}` }).optional(),
      notes: words(MAX_NOTES),
    }) satisfies Record<keyof CharacterSheet, z.ZodType>,
);

/** With the voice beside it, as programs write it; the voice is checked where voices are known. */
const writtenSchema = z.lazy(() => z.strictObject({ ...sheetFields(), voice: z.unknown().optional() }));

/** Fields of a sheet as files write them, but for upper and lower case, spaces, hyphens and underscores. */
const FIELDS: ReadonlyMap<string, keyof CharacterSheet> = new Map<string, keyof CharacterSheet>(
  SHEET_FIELDS.map((field) => [field, field] as const),
)
  .set("color", "colour")
  .set("note", "notes")
  .set("pronounced", "say");

/** The field of a sheet that a key of the file means; undefined where it is one of the voice. */
export function sheetFieldNamed(key: string): keyof CharacterSheet | undefined {
  return FIELDS.get(key.toLowerCase().replace(/[\s_-]+/gu, ""));
}

/** A field of a sheet by itself: its value, or what is wrong with it. */
export function checkedSheetField(
  field: keyof CharacterSheet,
  raw: unknown,
): { value: CharacterSheet[keyof CharacterSheet] } | { problem: string } {
  const result = sheetFields()[field].safeParse(typeof raw === "number" ? String(raw) : raw);
  return result.success
    ? { value: result.data }
    : { problem: result.error.issues[0]?.message ?? "bad input" };
}

/**
 * A sheet as a program wrote it, and its voice, which is not looked at. What is null or an empty text is left out.
 * @throws InputError `bad-request`, naming the fields
 */
export function parseSheet(raw: unknown): { sheet: CharacterSheet; voice: unknown } {
  const given = isRecord(raw)
    ? Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null && value !== ""))
    : raw;
  const { voice, ...sheet } = parseInput(writtenSchema, given);
  return { sheet, voice };
}

/** The name under which a character is shown. */
export function shownName(id: string, { name }: CharacterSheet = {}): string {
  return name ?? displayName(id);
}

/** The character's colour, the same next week. */
export function shownColour(id: string, { colour }: CharacterSheet = {}): Colour {
  return colour ?? stableChoice(nameKey(id), COLOURS) ?? COLOURS[0];
}

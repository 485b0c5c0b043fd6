import { BardcastError } from "../../core/errors.ts";
import { InputError } from "../../core/protocol/messages.ts";
import type { LexiconEntry } from "../../core/text/spoken/lexicon.ts";
import { lexiconEntries } from "../lexicon-entries.ts";
import type { Complaint, RegistryEntry, WrittenField } from "../registry-file.ts";
import { isNarrator, nameKey } from "../registry-keys.ts";
import { fieldNamed, isRecord, overlayVoice, plainVoice, type VoiceConfig } from "../voice-config.ts";
import { readVoice } from "../written-voice.ts";
import {
  type CharacterSheet,
  checkedSheetField,
  parseSheet,
  sheetFieldNamed,
  shownName,
} from "./character-sheet.ts";

/** Fields that say who speaks; the others only change how. */
const NAMING = ["voiceId", "language", "engine"];

/** A character as the file has them. */
export interface Character {
  /** Their key in the file, as it is written. */
  id: string;
  sheet: CharacterSheet;
  /** What is written of their voice. */
  given: Readonly<Record<string, unknown>>;
  /** Their own voice, where what is written names one; else what is written changes the voice that they are given. */
  own: VoiceConfig | undefined;
}

/** The voice of a character. @param voice what they would have if nothing were written of theirs */
export function voiceOf({ own, given }: Character, voice: VoiceConfig): VoiceConfig {
  return own ?? overlayVoice(voice, given);
}

/** How a character's name is said, for the lexicon. @param complain is told where that makes no sense */
export function namedIn({ id, sheet }: Character, complain?: (message: string) => void): LexiconEntry[] {
  if (sheet.say === undefined) return [];
  return lexiconEntries({ [shownName(id, sheet)]: sheet.say }, ({ message }) => complain?.(message));
}

/**
 * A character from an entry of the file. A field that makes no sense costs nothing but itself.
 * @param fields what stands there
 */
export function readCharacter(
  { key }: Pick<RegistryEntry, "key">,
  fields: readonly WrittenField[],
  defaultLanguage: string,
): { character: Character; complaints: Complaint[]; isFromHertz: boolean } {
  const complaints: Complaint[] = [];
  const sheet: Record<string, unknown> = {};
  const ofVoice = fields.filter(({ name, value, text, place }) => {
    const field = sheetFieldNamed(name);
    if (field === undefined) return true;
    if (value === null || value === undefined) return false;
    const checked = checkedSheetField(field, text ?? value);
    if ("value" in checked) sheet[field] = checked.value;
    else complaints.push({ place, message: `${name}: is left out: ${checked.problem}` });
    return false;
  });
  const read = readVoice(ofVoice, { name: key, defaultLanguage });
  const given = Object.fromEntries(read.given);
  const character = { id: key, sheet, given, own: namesVoice(given) ? read.voice : undefined };
  return { character, complaints: [...complaints, ...read.complaints], isFromHertz: read.isFromHertz };
}

/** A character as a program writes them. @throws InputError `bad-request`, naming the fields */
export function parseCharacter(id: string, raw: unknown, defaultLanguage: string): Character {
  const { sheet, voice } = parseSheet(raw);
  const character = { id, sheet, ...givenOf(voice, defaultLanguage) };
  namedIn(character, (message) => {
    throw new InputError([{ path: "say", message }]);
  });
  return character;
}

/** A character with another voice. @throws InputError `bad-request`, naming the field */
export function withVoice(character: Character, voice: unknown, defaultLanguage: string): Character {
  return { ...character, ...givenOf(voice, defaultLanguage) };
}

/** As the file has it: what goes without saying is left out. */
export function writtenCharacter({ sheet, given, own }: Character, defaultLanguage: string): object {
  return {
    ...Object.fromEntries(Object.entries(sheet).filter(([, value]) => value !== undefined)),
    ...(own ? writtenVoice(own, defaultLanguage) : writtenChange(given, defaultLanguage)),
  };
}

/** A voice as the file has it: what goes without saying is left out. */
export function writtenVoice(
  { voiceId, language, speed, pitch, outputFormat, extra }: VoiceConfig,
  defaultLanguage: string,
): Record<string, unknown> {
  return {
    voice_id: voiceId,
    ...(language === defaultLanguage ? {} : { language }),
    ...(speed === 1 ? {} : { speed }),
    ...(pitch === 0 ? {} : { pitch }),
    ...(outputFormat === "wav" ? {} : { output_format: outputFormat }),
    ...writtenExtra(extra),
  };
}

/** What a sheet has under the same name, as `name`, is written in a map of its own: there it is the voice's. */
function writtenExtra(extra: VoiceConfig["extra"]): Record<string, unknown> {
  const entries = Object.entries(extra);
  const ofSheets = entries.filter(([key]) => sheetFieldNamed(key) !== undefined);
  const others = entries.filter(([key]) => sheetFieldNamed(key) === undefined);
  return {
    ...Object.fromEntries(others),
    ...(ofSheets.length > 0 ? { extra: Object.fromEntries(ofSheets) } : {}),
  };
}

/** What changes another voice may say that something is as usual. */
function writtenChange(given: Character["given"], defaultLanguage: string): Record<string, unknown> {
  const { speed, pitch, outputFormat, extra } = overlayVoice(plainVoice(defaultLanguage), given);
  return {
    ...(given.speed === undefined ? {} : { speed }),
    ...(given.pitch === undefined ? {} : { pitch }),
    ...(given.outputFormat === undefined ? {} : { output_format: outputFormat }),
    ...writtenExtra(extra),
  };
}

function givenOf(voice: unknown, defaultLanguage: string): Pick<Character, "given" | "own"> {
  if (voice === undefined) return { given: {}, own: undefined };
  const given = isRecord(voice)
    ? Object.fromEntries(Object.entries(voice).map(([key, value]) => [fieldNamed(key), value]))
    : { voiceId: voice };
  const whole = overlayVoice(plainVoice(defaultLanguage), given);
  return { given, own: namesVoice(given) ? whole : undefined };
}

function namesVoice(given: Readonly<Record<string, unknown>>): boolean {
  const { extra } = given;
  const all = isRecord(extra) ? { ...extra, ...given } : given;
  return NAMING.some((field) => all[field] !== undefined);
}

/** @throws BardcastError `bad-request` where it is no name, or not an NPC's */
export function requireFree(name: string): void {
  if (!isNarrator(name) && nameKey(name) !== "") return;
  throw new BardcastError(
    "bad-request",
    `"${name}" cannot be an NPC's name; change dm_voice or combat_voice`,
  );
}

/** A name as a file gets it. */
export function nameAsWritten(name: string): string {
  return name.normalize("NFC").trim();
}

import type { Unit } from "../core/text/spoken/english/units.ts";
import type { SpokenSettings } from "../core/text/spoken/spoken-settings.ts";
import { lexiconEntries } from "./lexicon-entries.ts";
import type { Complaint, RegistryFile } from "./registry-file.ts";

export const LEXICON = "lexicon";
export const TABLE_TALK = "table_talk";

/**
 * How texts are spoken, as a registry's file says it under `lexicon` and `table_talk`. What makes no sense costs nothing but
 * itself.
 */
export function spokenSettingsOf(
  file: RegistryFile,
  complain: (complaint: Complaint) => void,
): SpokenSettings {
  return { lexicon: lexiconOf(file, complain), ...tableTalkOf(file, complain) };
}

function lexiconOf(file: RegistryFile, complain: (complaint: Complaint) => void): SpokenSettings["lexicon"] {
  const field = file.field(LEXICON);
  if (!field || field.value === null) return [];
  return lexiconEntries(file.texts(LEXICON) ?? field.value, ({ word, path, message }) => {
    const place = file.placeIn(LEXICON, word) ?? field.place;
    complain({
      place,
      message: `${[LEXICON, path].filter(Boolean).join(".")}: ${message}; it is passed over`,
    });
  });
}

function tableTalkOf(
  file: RegistryFile,
  complain: (complaint: Complaint) => void,
): Omit<SpokenSettings, "lexicon"> {
  const none = { tableTalk: true, shortForms: {}, units: {} };
  const field = file.field(TABLE_TALK);
  if (!field || field.value === null || field.value === true) return none;
  if (field.value === false) return { ...none, tableTalk: false };
  const words = file.texts(TABLE_TALK);
  if (!words) {
    complain({
      place: field.place,
      message: `${TABLE_TALK}: expected true, false, or a map of short forms; it is true`,
    });
    return none;
  }
  const shortForms: Record<string, string> = {};
  const units: Record<string, Unit> = {};
  for (const [word, said] of Object.entries(words)) {
    const [one = "", many, ...others] =
      typeof said === "string" ? said.split("/").map((part) => part.trim()) : [];
    const isForm =
      /^[\p{L}][\p{L}\p{N}.-]{0,23}$/u.test(word) && one !== "" && others.length === 0 && one.length <= 80;
    if (isForm && many === undefined) shortForms[word] = one;
    else if (isForm && many) units[word] = [one, many];
    else
      complain({
        place: file.placeIn(TABLE_TALK, word) ?? field.place,
        message: `${TABLE_TALK}.${word}: expected what it stands for, or one/many for what is counted; it is passed over`,
      });
  }
  return { tableTalk: true, shortForms, units };
}

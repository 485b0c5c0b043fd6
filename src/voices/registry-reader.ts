import type { SpokenSettings } from "../core/text/spoken/spoken-settings.ts";
import { type Character, namedIn, readCharacter } from "./characters/character.ts";
import { NameTable } from "./name-table.ts";
import type { Complaint, RegistryEntry, RegistryFile } from "./registry-file.ts";
import { LEXICON, spokenSettingsOf, TABLE_TALK } from "./spoken-reader.ts";
import { checkedField, plainVoice, type VoiceConfig } from "./voice-config.ts";
import { readVoice } from "./written-voice.ts";

/** Of what is wrong in a file, so much is told. */
const MAX_COMPLAINTS = 50;

const SECTIONS = [
  "version",
  "default_language",
  "dm_voice",
  "combat_voice",
  "cast",
  LEXICON,
  TABLE_TALK,
  "npc_defaults",
  "npc_overrides",
];

/** A voice, and how its key is spelled in the file. */
export interface KeptVoice {
  key: string;
  voice: VoiceConfig;
}

/** What a file says. */
export interface RegistryContent {
  /** Of voices that name none; BCP 47. */
  language: string;
  dm: VoiceConfig;
  combat: VoiceConfig;
  /** Whether who has no voice is given one. */
  casts: boolean;
  archetypes: NameTable<KeptVoice>;
  characters: NameTable<Character>;
  /** Without how characters' names are said. */
  spoken: SpokenSettings;
  /** What was wrong, one sentence each. */
  complaints: readonly string[];
}

/** @throws BardcastError `registry-invalid` where a section is no map */
export function contentOf(file: RegistryFile): RegistryContent {
  const reader = new RegistryReader(file);
  const { language } = reader;
  const dm = reader.voice("dm_voice") ?? plainVoice(language);
  const combat = reader.voice("combat_voice") ?? dm;
  const casts = reader.flag("cast");
  const spoken = reader.spoken();
  const archetypes = reader.section("npc_defaults");
  const characters = reader.characters();
  reader.lookAround();
  return { language, dm, combat, casts, archetypes, characters, spoken, complaints: reader.complaints() };
}

/** Makes voices of what a file says. One bad entry does not spoil the others, nor one bad field its entry. */
class RegistryReader {
  /** Of voices that name none; BCP 47. */
  readonly language: string;
  readonly #file: RegistryFile;
  readonly #complaints: Complaint[] = [];
  #fromHertz = 0;

  constructor(file: RegistryFile) {
    this.#file = file;
    this.language = this.#defaultLanguage();
  }

  /** A single voice. */
  voice(key: string): VoiceConfig | undefined {
    const entry = this.#file.entry(key);
    return entry && this.#voiceOf(entry);
  }

  /** Whether something is switched on, which it is where nothing is written. */
  flag(name: string): boolean {
    const field = this.#file.field(name);
    if (!field || field.value === null) return true;
    const word = String(field.text ?? field.value).toLowerCase();
    if (/^(?:false|no|off|0)$/.test(word)) return false;
    if (!/^(?:true|yes|on|1)$/.test(word))
      this.#complain(field.place, `${name}: expected true or false; it is true`);
    return true;
  }

  /** The voices of a section, by name. @throws BardcastError `registry-invalid` where it is no map */
  section(name: string): NameTable<KeptVoice> {
    return this.#table(name, (entry) => {
      const voice = this.#voiceOf(entry);
      return voice && { key: entry.key, voice };
    });
  }

  #table<T>(name: string, read: (entry: RegistryEntry) => T | undefined): NameTable<T> {
    const kept = new NameTable<T>();
    for (const entry of this.#file.section(name)) {
      const found = read(entry);
      if (!found) continue;
      const { key, place } = entry;
      const alike = kept.find(key);
      if (alike !== undefined)
        this.#complain(
          place,
          `"${key}" is the same name as "${alike}"; whoever writes neither exactly means "${alike}"`,
        );
      kept.set(key, found);
    }
    return kept;
  }

  /** The characters, by name. @throws BardcastError `registry-invalid` where their section is no map */
  characters(): NameTable<Character> {
    return this.#table("npc_overrides", (entry) => this.#characterOf(entry));
  }

  /** Complains of what it does not read. */
  lookAround(): void {
    this.#complaints.push(...this.#file.strangers(SECTIONS));
  }

  /** How the campaign's texts are spoken. */
  spoken(): SpokenSettings {
    return spokenSettingsOf(this.#file, (complaint) => this.#complaints.push(complaint));
  }

  /** What was wrong, one sentence each. */
  complaints(): string[] {
    const all = [...this.#complaints, ...this.#file.complaints].map(
      ({ place, message }) => `${place}: ${message}`,
    );
    const told = all.slice(0, MAX_COMPLAINTS);
    if (all.length > told.length) told.push(`and ${all.length - told.length} more`);
    if (this.#fromHertz > 0) {
      const count = `${this.#fromHertz} voice${this.#fromHertz > 1 ? "s" : ""}`;
      told.push(`${count} written for Edge-TTS: pitch in Hz was taken as semitones`);
    }
    return told;
  }

  #defaultLanguage(): string {
    const field = this.#file.field("default_language");
    if (!field || field.value === null) return "en-us";
    const checked = checkedField("language", field.text ?? field.value);
    if ("value" in checked) return String(checked.value);
    this.#complain(field.place, `default_language: ${checked.problem}; it is en-us`);
    return "en-us";
  }

  #characterOf(entry: RegistryEntry): Character | undefined {
    const { key } = entry;
    const fields = this.#fieldsOf(entry);
    if (!fields) return undefined;
    const { character, complaints, isFromHertz } = readCharacter(entry, fields, this.language);
    if (isFromHertz) this.#fromHertz += 1;
    for (const { place, message } of complaints) this.#complain(place, `${key}: ${message}`);
    namedIn(character, (message) => this.#complain(entry.place, `${key}: say is left out: ${message}`));
    return character;
  }

  #fieldsOf({ key, fields, place }: RegistryEntry): RegistryEntry["fields"] {
    if (fields && key.trim() !== "") return fields;
    this.#complain(
      place,
      fields ? "a voice without a name is passed over" : `${key} is passed over: it is no voice`,
    );
    return undefined;
  }

  #voiceOf(entry: RegistryEntry): VoiceConfig | undefined {
    const { key } = entry;
    const fields = this.#fieldsOf(entry);
    if (!fields) return undefined;
    const read = readVoice(fields, { name: key, defaultLanguage: this.language });
    if (read.isFromHertz) this.#fromHertz += 1;
    for (const complaint of read.complaints) this.#complain(complaint.place, `${key}: ${complaint.message}`);
    return read.voice;
  }

  #complain(place: string, message: string): void {
    this.#complaints.push({ place, message });
  }
}

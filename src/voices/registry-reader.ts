import type { SpokenSettings } from "../core/text/spoken/spoken-settings.ts";
import { NameTable } from "./name-table.ts";
import type { Complaint, RegistryEntry, RegistryFile } from "./registry-file.ts";
import { spokenSettingsOf } from "./spoken-reader.ts";
import { checkedField, type VoiceConfig } from "./voice-config.ts";
import { readVoice } from "./written-voice.ts";

/** Of what is wrong in a file, so much is told. */
const MAX_COMPLAINTS = 50;

/** A voice, and how its key is spelled in the file. */
export interface KeptVoice {
  key: string;
  voice: VoiceConfig;
}

/** Makes voices of what a file says. One bad entry does not spoil the others, nor one bad field its entry. */
export class RegistryReader {
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
    const kept = new NameTable<KeptVoice>();
    for (const entry of this.#file.section(name)) {
      const voice = this.#voiceOf(entry);
      if (!voice) continue;
      const { key, place } = entry;
      const alike = kept.find(key);
      if (alike !== undefined)
        this.#complain(
          place,
          `"${key}" is the same name as "${alike}"; whoever writes neither exactly means "${alike}"`,
        );
      kept.set(key, { key, voice });
    }
    return kept;
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

  #voiceOf({ key, fields, place }: RegistryEntry): VoiceConfig | undefined {
    if (!fields || key.trim() === "") {
      this.#complain(
        place,
        fields ? "a voice without a name is passed over" : `${key} is passed over: it is no voice`,
      );
      return undefined;
    }
    const read = readVoice(fields, { name: key, defaultLanguage: this.language });
    if (read.isFromHertz) this.#fromHertz += 1;
    for (const complaint of read.complaints) this.#complain(complaint.place, `${key}: ${complaint.message}`);
    return read.voice;
  }

  #complain(place: string, message: string): void {
    this.#complaints.push({ place, message });
  }
}

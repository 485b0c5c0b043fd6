/**
 * Voices: who sounds like what. `voice-registry.ts` answers that for a speaker or an NPC, from
 * `voice_registry.yaml` in the campaign's folder, which `registry-file.ts` reads and changes.
 * @module
 */
import { quietly, within } from "../core/async/abortable.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { printableLog } from "../core/text/printable.ts";
import type { SpokenSettings } from "../core/text/spoken/spoken-settings.ts";
import { CampaignVoices } from "./characters/campaign-voices.ts";
import {
  type Character,
  nameAsWritten,
  parseCharacter,
  requireFree,
  withVoice,
  writtenCharacter,
  writtenVoice,
} from "./characters/character.ts";
import { onChange } from "./characters/reread.ts";
import { DEFAULT_REGISTRY } from "./default-registry.ts";
import { parseLexicon, type WrittenLexicon, writtenLexicon } from "./lexicon-entries.ts";
import type { NpcTraits } from "./npc-traits.ts";
import type { RegistryFile } from "./registry-file.ts";
import { archetypeNames, MAX_REGISTRY_CHARS, nameKey } from "./registry-keys.ts";
import { fileStore, storeLimit, type TextStore, unsaved } from "./text-store.ts";
import { parseVoice, type VoiceConfig } from "./voice-config.ts";

const FILE = "voice_registry.yaml";
const CHARACTERS = "npc_overrides";
const ARCHETYPES = "npc_defaults";

/** The voices of one campaign. */
export class VoiceRegistry {
  readonly #store: TextStore;
  readonly #log: (message: string) => void;
  readonly #parse: (text: string) => RegistryFile;
  #file: RegistryFile;
  #voices: CampaignVoices;
  #problem: BardcastError | undefined;
  /** As it was read or written last. */
  #stored: string | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(
    store: TextStore,
    parse: (text: string) => RegistryFile,
    log: (message: string) => void,
  ) {
    this.#store = store;
    this.#parse = parse;
    this.#log = log;
    this.#file = parse(DEFAULT_REGISTRY);
    this.#voices = new CampaignVoices(this.#file);
  }

  /**
   * Opens a campaign's voices; where there is no file yet, the default one is written. Where it can be neither read nor
   * written the default voices are used, and that is told.
   * @param campaign its folder, or where the text is kept instead
   * @param options.log gets what is wrong in the file, one sentence each
   */
  static async open(
    campaign: string | TextStore,
    options: { log?: (message: string) => void } = {},
  ): Promise<VoiceRegistry> {
    const log = printableLog(quietly(options.log));
    // The parser of YAML is 40 % of the time that importing the whole library would take.
    const { RegistryFile } = await import("./registry-file.ts");
    const store = typeof campaign === "string" ? fileStore(`${campaign}/${FILE}`) : campaign;
    const registry = new VoiceRegistry(store, (text) => new RegistryFile(text), log);
    await registry.#open();
    return registry;
  }

  /** Why the file could not be used; what was good last, or the defaults, are in use then, and it is left as it is. */
  get problem(): BardcastError | undefined {
    return this.#problem;
  }

  /** The voice of `dm`, of `combat`, of an NPC with one of their own; for anybody else the DM's. */
  getVoiceConfig(speaker: string): VoiceConfig {
    return this.#voices.ofSpeaker(speaker);
  }

  /** The voice of an NPC: their own, else by gender and race, gender, race; else the DM's. */
  getNpcVoice(name: string, traits: NpcTraits = {}): VoiceConfig {
    return this.#voices.ofNpc(name, traits);
  }

  /**
   * The voice of somebody who has none of their own: what `getNpcVoice` says, varied by their name, so that
   * people are told apart; see `castVoice`. Undefined for `dm`, `combat` and whoever has a voice of their own, and
   * where the file says `cast: false`.
   */
  getCastVoice(name: string, traits: NpcTraits = {}): VoiceConfig | undefined {
    return this.#voices.ofCast(name, traits);
  }

  /** Gives an NPC a voice. @throws BardcastError `bad-request`: the name is reserved or the voice impossible */
  setNpcVoice(name: string, voice: unknown): void {
    requireFree(name);
    const { language } = this.#voices;
    const known = this.getCharacter(name) ?? parseCharacter(nameAsWritten(name), {}, language);
    this.#put(withVoice(known, parseVoice(voice, { defaultLanguage: language }), language));
  }

  /** Takes an NPC's own voice away, with all that is written of them; false where there was nothing. */
  removeNpcVoice(name: string): boolean {
    const known = this.getCharacter(name);
    if (!known) return false;
    this.#file.delete(CHARACTERS, known.id);
    this.#voices.remove(known);
    return true;
  }

  /** What is written of a character, by id or by name; undefined where there is nothing. */
  getCharacter(name: string): Character | undefined {
    return this.#voices.character(name);
  }

  /** All who are written of, in the file's order. */
  listCharacters(): readonly Character[] {
    return this.#voices.characters;
  }

  /**
   * Writes a character's sheet, which holds from the next line on; what it leaves out is not written any more.
   * @param sheet the fields of a `CharacterSheet`, and `voice`, as in a line: laid over the voice they would be given, or,
   * where it names a voice, a language or an engine, one of their own
   * @throws InputError `bad-request`, naming what is wrong
   */
  setCharacter(id: string, sheet: unknown): Character {
    requireFree(id);
    const key = this.getCharacter(id)?.id ?? nameAsWritten(id);
    const character = parseCharacter(key, sheet, this.#voices.language);
    this.#put(character);
    return character;
  }

  /**
   * Sets the voice of `<gender>_<race>`, `<gender>_*`, `<gender>_default` or `*_<race>`.
   * @throws BardcastError `bad-request`: the key is empty or the voice impossible
   */
  setArchetypeDefault(key: string, raw: unknown): void {
    if (nameKey(key) === "") throw new BardcastError("bad-request", "an archetype is <gender>_<race>");
    const { language, archetypes } = this.#voices;
    const voice = parseVoice(raw, { defaultLanguage: language });
    const name = archetypes.get(key)?.key ?? nameAsWritten(key);
    this.#file.set(ARCHETYPES, name, writtenVoice(voice, language));
    archetypes.set(name, { key: name, voice });
  }

  /** How the campaign's texts are spoken: its lexicon, and what its table says. Another object whenever any of it has changed. */
  get spoken(): SpokenSettings {
    return this.#voices.spoken;
  }

  /** The campaign's words and how they are said, as `setLexicon` takes them. */
  getLexicon(): WrittenLexicon {
    return writtenLexicon(this.#voices.lexicon);
  }

  /**
   * Gives the campaign another lexicon, which holds from the next sentence on.
   * @throws InputError `bad-request`, naming each word that is wrong; the lexicon is the old one then
   */
  setLexicon(lexicon: unknown): void {
    const entries = parseLexicon(lexicon);
    this.#file.replace("lexicon", writtenLexicon(entries));
    this.#voices.lexicon = entries;
  }

  /** Names of NPCs that something is written of, as they are written. */
  listOverrides(): string[] {
    return this.#voices.characters.map(({ id }) => nameAsWritten(id));
  }

  /** Names of the engines that voices ask for. */
  listEngines(): string[] {
    return this.#voices.engines;
  }

  /** Keys of the archetypes, each `<gender>_<race>` with hyphens within either. */
  listArchetypes(): string[] {
    return archetypeNames(this.#voices.archetypes.names());
  }

  /**
   * Writes the file, its comments and its order kept. Saves follow one another.
   * @throws BardcastError `registry-invalid` where the file could not be read and would be lost, `registry-unsaved` where
   * it cannot be written, and why
   */
  save(): Promise<void> {
    if (this.#problem) {
      return Promise.reject(
        new BardcastError("registry-invalid", `not saved, mend the file first: ${this.#problem.message}`),
      );
    }
    const saved = this.#saving.then(async () => {
      const text = this.text;
      if (text.length > MAX_REGISTRY_CHARS)
        throw unsaved(this.#store.name, "it would be too long to be read");
      await within(this.#store.write(text), storeLimit(this.#store));
      this.#stored = text;
    });
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  /** The file as it would be saved now. @throws BardcastError `registry-unsaved` where that is no YAML */
  get text(): string {
    try {
      return this.#file.toString();
    } catch (cause) {
      const message = `${this.#store.name}: not saved, it cannot be written as YAML: ${messageOf(cause)}`;
      throw new BardcastError("registry-unsaved", message, { cause });
    }
  }

  /** Is what a text says from now on. @throws BardcastError `registry-invalid`, and nothing has changed */
  use(text: string): void {
    const file = this.#parse(text);
    this.#voices = new CampaignVoices(file);
    this.#file = file;
    for (const message of this.#voices.complaints) this.#log(`${this.#store.name}: ${message}`);
  }

  /**
   * Reads the file again where somebody else has changed it. If that cannot be used, it is told, and what was good last
   * stays. Never rejects.
   */
  async refresh(): Promise<void> {
    const saving = this.#saving;
    await saving;
    const text = await within(this.#store.read(), storeLimit(this.#store)).catch(() => undefined);
    // What was read before a save is older than what is known.
    if (saving !== this.#saving) return this.refresh();
    if (text === undefined || text.trim() === "" || text === this.#stored) return;
    this.#stored = text;
    try {
      this.use(text);
      this.#problem = undefined;
      this.#log(`${this.#store.name} was changed, and is read again`);
    } catch (cause) {
      this.#problem = this.#unusable(
        `${this.#store.name}: ${messageOf(cause)}`,
        cause,
        "what was good last is used",
      );
    }
  }

  /** Reads the file again whenever somebody has edited it, until the returned function is called. */
  watch(): () => void {
    return onChange(this.#store, () => this.refresh());
  }

  async #open(): Promise<void> {
    const store = this.#store;
    const defaults = "the default voices are used";
    try {
      this.#stored = await within(store.read(), storeLimit(store));
    } catch (cause) {
      this.#problem = this.#unusable(`${store.name} cannot be read (${messageOf(cause)})`, cause, defaults);
      return;
    }
    const text = this.#stored;
    if (text === undefined) {
      await this.save().catch((error) => {
        this.#log(`${store.name} cannot be written (${messageOf(error)}); ${defaults}`);
      });
    } else if (text.trim() === "") this.#log(`${store.name}: it is empty; ${defaults}`);
    else {
      try {
        this.use(text);
      } catch (cause) {
        this.#problem = this.#unusable(`${store.name}: ${messageOf(cause)}`, cause, defaults);
      }
    }
  }

  #unusable(message: string, cause: unknown, instead: string): BardcastError {
    const problem = new BardcastError("registry-invalid", message, { cause });
    this.#log(`${problem.message}; ${instead} and the file is left as it is`);
    return problem;
  }

  #put(character: Character): void {
    this.#file.set(CHARACTERS, character.id, writtenCharacter(character, this.#voices.language));
    this.#voices.put(character);
  }
}

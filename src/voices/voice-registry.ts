/**
 * Voices: who sounds like what. `voice-registry.ts` answers that for a speaker or an NPC, from
 * `voice_registry.yaml` in the campaign's folder, which `registry-file.ts` reads and changes.
 * @module
 */
import { quietly, type WaitLimit, within } from "../core/async/abortable.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { printableLog } from "../core/text/printable.ts";
import type { SpokenSettings } from "../core/text/spoken/spoken-settings.ts";
import { castVoice } from "./cast.ts";
import { parseLexicon, type WrittenLexicon, writtenLexicon } from "./lexicon-entries.ts";
import type { NameTable } from "./name-table.ts";
import type { NpcTraits } from "./npc-traits.ts";
import type { RegistryFile } from "./registry-file.ts";
import { archetypeKeysFor, archetypeNames, nameKey } from "./registry-keys.ts";
import { type KeptVoice, RegistryReader } from "./registry-reader.ts";
import { fileStore, type TextStore } from "./text-store.ts";
import { parseVoice, plainVoice, type VoiceConfig } from "./voice-config.ts";

const FILE = "voice_registry.yaml";
/** ms that the place where the text is kept may take to read or write it. */
const STORE_MS = 10_000;
const RESERVED = new Set(["dm", "combat"]);

function limit({ name }: TextStore): WaitLimit {
  const message = `${name} did not answer within ${STORE_MS} ms`;
  return { ms: STORE_MS, late: () => new BardcastError("internal", message, { retryable: true }) };
}

/** The voices of one campaign. */
export class VoiceRegistry {
  /** Why the file could not be used; the defaults are in use then, and it is left as it is. */
  readonly problem: BardcastError | undefined;
  readonly #store: TextStore;
  readonly #file: RegistryFile;
  readonly #overrides: NameTable<KeptVoice>;
  readonly #archetypes: NameTable<KeptVoice>;
  readonly #language: string;
  readonly #dm: VoiceConfig;
  readonly #combat: VoiceConfig;
  readonly #casts: boolean;
  #spoken: SpokenSettings;
  #saving: Promise<void> = Promise.resolve();

  private constructor(
    store: TextStore,
    file: RegistryFile,
    options: { log: (message: string) => void; problem: BardcastError | undefined },
  ) {
    this.#store = store;
    this.#file = file;
    this.problem = options.problem;
    const reader = new RegistryReader(file);
    this.#language = reader.language;
    this.#dm = reader.voice("dm_voice") ?? plainVoice(this.#language);
    this.#combat = reader.voice("combat_voice") ?? this.#dm;
    this.#casts = reader.flag("cast");
    this.#spoken = reader.spoken();
    this.#archetypes = reader.section("npc_defaults");
    this.#overrides = reader.section("npc_overrides");
    for (const message of reader.complaints()) options.log(`${store.name}: ${message}`);
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
    let text: string | undefined;
    try {
      text = await within(store.read(), limit(store));
    } catch (cause) {
      return unusable(`${store.name} cannot be read (${messageOf(cause)})`, cause);
    }
    if (text === undefined) {
      const file = RegistryFile.default();
      await within(store.write(file.toString()), limit(store)).catch((error) => {
        log(`${store.name} cannot be written (${messageOf(error)}); the default voices are used`);
      });
      return new VoiceRegistry(store, file, { log, problem: undefined });
    }
    if (text.trim() === "") {
      log(`${store.name}: it is empty; the default voices are used`);
      return new VoiceRegistry(store, RegistryFile.default(), { log, problem: undefined });
    }
    try {
      return new VoiceRegistry(store, new RegistryFile(text), { log, problem: undefined });
    } catch (error) {
      return unusable(`${store.name}: ${messageOf(error)}`, error);
    }

    function unusable(message: string, cause: unknown): VoiceRegistry {
      const problem = new BardcastError("registry-invalid", message, { cause });
      log(`${problem.message}; the default voices are used and the file is left as it is`);
      return new VoiceRegistry(store, RegistryFile.default(), { log, problem });
    }
  }

  /** The voice of `dm`, of `combat`, of an NPC with one of their own; for anybody else the DM's. */
  getVoiceConfig(speaker: string): VoiceConfig {
    const name = nameKey(speaker);
    if (name === "dm") return this.#dm;
    if (name === "combat") return this.#combat;
    return this.#overrides.get(speaker)?.voice ?? this.#dm;
  }

  /** The voice of an NPC: their own, else by gender and race, gender, race; else the DM's. */
  getNpcVoice(name: string, traits: NpcTraits = {}): VoiceConfig {
    const own = this.#overrides.get(name);
    if (own) return own.voice;
    for (const key of archetypeKeysFor(traits)) {
      const kept = this.#archetypes.get(key);
      if (kept) return kept.voice;
    }
    return this.#dm;
  }

  /**
   * The voice of somebody who has none of their own: what `getNpcVoice` says, varied by their name, so that
   * people are told apart; see `castVoice`. Undefined for `dm`, `combat` and whoever has a voice of their own, and
   * where the file says `cast: false`.
   */
  getCastVoice(name: string, traits: NpcTraits = {}): VoiceConfig | undefined {
    if (!this.#casts || RESERVED.has(nameKey(name)) || this.#overrides.get(name)) return undefined;
    const apart = [this.#dm, this.#combat];
    return castVoice(this.getNpcVoice(name, traits), { ...traits, name }, { apart });
  }

  /** Gives an NPC a voice. @throws BardcastError `bad-request`: the name is reserved or the voice impossible */
  setNpcVoice(name: string, voice: unknown): void {
    if (RESERVED.has(nameKey(name)) || nameKey(name) === "") {
      throw new BardcastError(
        "bad-request",
        `"${name}" cannot be an NPC's name; change dm_voice or combat_voice`,
      );
    }
    this.#set("npc_overrides", this.#overrides, name, voice);
  }

  /** Takes an NPC's own voice away; false where there was none. */
  removeNpcVoice(name: string): boolean {
    const kept = this.#overrides.get(name);
    if (!kept) return false;
    this.#file.delete("npc_overrides", kept.key);
    this.#overrides.delete(kept.key);
    return true;
  }

  /**
   * Sets the voice of `<gender>_<race>`, `<gender>_*`, `<gender>_default` or `*_<race>`.
   * @throws BardcastError `bad-request`: the key is empty or the voice impossible
   */
  setArchetypeDefault(key: string, voice: unknown): void {
    if (nameKey(key) === "") throw new BardcastError("bad-request", "an archetype is <gender>_<race>");
    this.#set("npc_defaults", this.#archetypes, key, voice);
  }

  /** How the campaign's texts are spoken: its lexicon, and what its table says. Another object whenever any of it has changed. */
  get spoken(): SpokenSettings {
    return this.#spoken;
  }

  /** The campaign's words and how they are said, as `setLexicon` takes them. */
  getLexicon(): WrittenLexicon {
    return writtenLexicon(this.#spoken.lexicon);
  }

  /**
   * Gives the campaign another lexicon, which holds from the next sentence on.
   * @throws InputError `bad-request`, naming each word that is wrong; the lexicon is the old one then
   */
  setLexicon(lexicon: unknown): void {
    const entries = parseLexicon(lexicon);
    this.#file.replace("lexicon", writtenLexicon(entries));
    this.#spoken = { ...this.#spoken, lexicon: entries };
  }

  /** Names of NPCs with a voice of their own, as they are written. */
  listOverrides(): string[] {
    return this.#overrides.names();
  }

  /** Names of the engines that voices ask for. */
  listEngines(): string[] {
    const kept = [...this.#archetypes.values(), ...this.#overrides.values()].map(({ voice }) => voice);
    const asked = [this.#dm, this.#combat, ...kept].map(({ extra }) => extra.engine);
    return [...new Set(asked)].filter((name) => typeof name === "string");
  }

  /** Keys of the archetypes, each `<gender>_<race>` with hyphens within either. */
  listArchetypes(): string[] {
    return archetypeNames(this.#archetypes.names());
  }

  /**
   * Writes the file, its comments and its order kept. Saves follow one another.
   * @throws BardcastError `registry-invalid` where the file could not be read and would be lost, `registry-unsaved` where
   * it cannot be written, and why
   */
  save(): Promise<void> {
    if (this.problem) {
      return Promise.reject(
        new BardcastError("registry-invalid", `not saved, mend the file first: ${this.problem.message}`),
      );
    }
    const saved = this.#saving.then(() => within(this.#store.write(this.#text()), limit(this.#store)));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  #text(): string {
    try {
      return this.#file.toString();
    } catch (cause) {
      const message = `${this.#store.name}: not saved, it cannot be written as YAML: ${messageOf(cause)}`;
      throw new BardcastError("registry-unsaved", message, { cause });
    }
  }

  #set(section: string, into: NameTable<KeptVoice>, name: string, raw: unknown): void {
    const voice = parseVoice(raw, { defaultLanguage: this.#language });
    const key = into.get(name)?.key ?? name.normalize("NFC").trim();
    this.#file.set(section, key, this.#written(voice));
    into.set(key, { key, voice });
  }

  /** The voice as the file has it: what goes without saying is left out. */
  #written({ voiceId, language, speed, pitch, outputFormat, extra }: VoiceConfig): Record<string, unknown> {
    return {
      voice_id: voiceId,
      ...(language === this.#language ? {} : { language }),
      ...(speed === 1 ? {} : { speed }),
      ...(pitch === 0 ? {} : { pitch }),
      ...(outputFormat === "wav" ? {} : { output_format: outputFormat }),
      ...extra,
    };
  }
}

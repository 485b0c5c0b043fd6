/**
 * Voices: who sounds like what. `voice-registry.ts` answers that for a speaker or an NPC, from
 * `voice_registry.yaml` in the campaign's folder, which `registry-file.ts` reads and changes.
 * @module
 */
import { BardcastError, messageOf } from "../core/errors.ts";
import { printableLog } from "../core/printable.ts";
import { castVoice } from "./cast.ts";
import { fromEdgePitch } from "./edge-pitch.ts";
import type { RegistryEntry, RegistryFile } from "./registry-file.ts";
import { archetypeKey, nameKey, traitKey } from "./registry-keys.ts";
import { fileStore, type TextStore } from "./text-store.ts";
import { parseVoice, plainVoice, type VoiceConfig } from "./voice-config.ts";

/** What is known of an NPC nobody gave a voice. */
export interface NpcTraits {
  race?: string | undefined;
  gender?: string | undefined;
}

const FILE = "voice_registry.yaml";
const RESERVED = new Set(["dm", "combat"]);

/** A voice, and how its key is spelled in the file. */
interface Kept {
  key: string;
  voice: VoiceConfig;
}

/** The voices of one campaign. */
export class VoiceRegistry {
  /** Why the file could not be used; the defaults are in use then, and it is left as it is. */
  readonly problem: BardcastError | undefined;
  readonly #store: TextStore;
  readonly #file: RegistryFile;
  readonly #log: (message: string) => void;
  readonly #overrides: Map<string, Kept>;
  readonly #archetypes: Map<string, Kept>;
  readonly #language: string;
  readonly #dm: VoiceConfig;
  readonly #combat: VoiceConfig;
  readonly #casts: boolean;
  #converted = 0;
  #saving: Promise<void> = Promise.resolve();

  private constructor(
    store: TextStore,
    file: RegistryFile,
    options: { log: (message: string) => void; problem: BardcastError | undefined },
  ) {
    this.#store = store;
    this.#file = file;
    this.#log = options.log;
    this.problem = options.problem;
    const language = file.entry("default_language")?.raw;
    this.#language = typeof language === "string" && language ? language.trim().toLowerCase() : "en-us";
    this.#dm = this.#single("dm_voice") ?? plainVoice(this.#language);
    this.#combat = this.#single("combat_voice") ?? this.#dm;
    this.#casts = file.entry("cast")?.raw !== false;
    this.#archetypes = this.#section("npc_defaults", archetypeKey);
    this.#overrides = this.#section("npc_overrides", nameKey);
    if (this.#converted > 0) {
      const count = `${this.#converted} voice${this.#converted > 1 ? "s" : ""}`;
      this.#log(`${store.name}: ${count} written for Edge-TTS: pitch in Hz was taken as semitones`);
    }
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
    const log = printableLog(options.log ?? (() => undefined));
    // The parser of YAML is 40 % of the time that importing the whole library would take.
    const { RegistryFile } = await import("./registry-file.ts");
    const store = typeof campaign === "string" ? fileStore(`${campaign}/${FILE}`) : campaign;
    let text: string | undefined;
    try {
      text = await store.read();
    } catch (cause) {
      return unusable(`${store.name} cannot be read (${messageOf(cause)})`, cause);
    }
    if (text === undefined) {
      const file = RegistryFile.default();
      await store.write(file.toString()).catch((error) => {
        log(`${store.name} cannot be written (${messageOf(error)}); the default voices are used`);
      });
      return new VoiceRegistry(store, file, { log, problem: undefined });
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
    return this.#overrides.get(name)?.voice ?? this.#dm;
  }

  /** The voice of an NPC: their own, else by gender and race, gender, race; else the DM's. */
  getNpcVoice(name: string, traits: NpcTraits = {}): VoiceConfig {
    const own = this.#overrides.get(nameKey(name));
    if (own) return own.voice;
    const [gender, race] = [traitKey(traits.gender), traitKey(traits.race)];
    const keys = [
      gender && race && `${gender}_${race}`,
      gender && `${gender}_*`,
      gender && `${gender}_default`,
      race && `*_${race}`,
    ];
    for (const key of keys) {
      const kept = key ? this.#archetypes.get(key) : undefined;
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
    if (!this.#casts || RESERVED.has(nameKey(name)) || this.#overrides.has(nameKey(name))) return undefined;
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
    this.#set("npc_overrides", this.#overrides, nameKey(name), voice);
  }

  /** Takes an NPC's own voice away; false where there was none. */
  removeNpcVoice(name: string): boolean {
    const kept = this.#overrides.get(nameKey(name));
    if (!kept) return false;
    this.#file.delete("npc_overrides", kept.key);
    return this.#overrides.delete(nameKey(name));
  }

  /** Sets the voice of `<gender>_<race>`, `<gender>_*`, `<gender>_default` or `*_<race>`. */
  setArchetypeDefault(key: string, voice: unknown): void {
    this.#set("npc_defaults", this.#archetypes, archetypeKey(key), voice);
  }

  /** Names of NPCs with a voice of their own. */
  listOverrides(): string[] {
    return [...this.#overrides.keys()];
  }

  /** Names of the engines that voices ask for. */
  listEngines(): string[] {
    const kept = [...this.#archetypes.values(), ...this.#overrides.values()].map(({ voice }) => voice);
    const asked = [this.#dm, this.#combat, ...kept].map(({ extra }) => extra.engine);
    return [...new Set(asked)].filter((name) => typeof name === "string");
  }

  /** Keys of the archetypes. */
  listArchetypes(): string[] {
    return [...this.#archetypes.keys()];
  }

  /**
   * Writes the file, its comments and its order kept. Saves follow one another.
   * @throws BardcastError `registry-invalid` where the file could not be read and would be lost
   */
  save(): Promise<void> {
    if (this.problem) {
      return Promise.reject(
        new BardcastError("registry-invalid", `not saved, mend the file first: ${this.problem.message}`),
      );
    }
    const saved = this.#saving.then(() => this.#store.write(this.#file.toString()));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  #set(section: string, into: Map<string, Kept>, name: string, raw: unknown): void {
    const voice = parseVoice(raw, { defaultLanguage: this.#language });
    const key = into.get(name)?.key ?? name;
    into.set(name, { key, voice });
    this.#file.set(section, key, this.#written(voice));
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

  #single(key: string): VoiceConfig | undefined {
    const entry = this.#file.entry(key);
    return entry && this.#voiceOf(entry);
  }

  #section(name: string, normalise: (key: string) => string): Map<string, Kept> {
    const kept = new Map<string, Kept>();
    for (const entry of this.#file.section(name)) {
      const voice = this.#voiceOf(entry);
      if (voice) kept.set(normalise(entry.key), { key: entry.key, voice });
    }
    return kept;
  }

  /** One bad entry does not spoil the others: it is reported and passed over. */
  #voiceOf({ key, raw, place }: RegistryEntry): VoiceConfig | undefined {
    const converted = fromEdgePitch(raw, key);
    if (converted) this.#converted += 1;
    try {
      return parseVoice(converted ?? raw, { defaultLanguage: this.#language });
    } catch (error) {
      this.#log(`${this.#store.name}: ${place}: ${key} is passed over: ${messageOf(error)}`);
      return undefined;
    }
  }
}

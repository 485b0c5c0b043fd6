import type { SpokenSettings } from "../../core/text/spoken/spoken-settings.ts";
import { castVoice } from "../cast.ts";
import type { NpcTraits } from "../npc-traits.ts";
import type { RegistryFile } from "../registry-file.ts";
import { archetypeKeysFor, isNarrator, nameKey } from "../registry-keys.ts";
import { contentOf, type KeptVoice, type RegistryContent } from "../registry-reader.ts";
import type { VoiceConfig } from "../voice-config.ts";
import { type Character, namedIn, voiceOf } from "./character.ts";

/** What a campaign's file says, and who sounds like what by that. */
export class CampaignVoices {
  readonly #content: RegistryContent;
  #spoken: SpokenSettings;

  /** @throws BardcastError `registry-invalid` where a section of the file is no map */
  constructor(file: RegistryFile) {
    this.#content = contentOf(file);
    this.#spoken = withNames(this.#content);
  }

  /** What was wrong in the file, one sentence each. */
  get complaints(): readonly string[] {
    return this.#content.complaints;
  }

  /** Of voices that name none; BCP 47. */
  get language(): string {
    return this.#content.language;
  }

  /** The lexicon, with how characters' names are said, and what the table says. Another object whenever it has changed. */
  get spoken(): SpokenSettings {
    return this.#spoken;
  }

  /** The words of the lexicon alone. */
  get lexicon(): SpokenSettings["lexicon"] {
    return this.#content.spoken.lexicon;
  }

  set lexicon(lexicon: SpokenSettings["lexicon"]) {
    this.#content.spoken = { ...this.#content.spoken, lexicon };
    this.#spoken = withNames(this.#content);
  }

  get archetypes(): RegistryContent["archetypes"] {
    return this.#content.archetypes;
  }

  get characters(): readonly Character[] {
    return this.#content.characters.values();
  }

  /** Names of the engines that voices ask for. */
  get engines(): string[] {
    const { archetypes, characters, dm, combat } = this.#content;
    const kept: VoiceConfig[] = archetypes.values().map(({ voice }: KeptVoice) => voice);
    const own = characters.values().flatMap(({ own }) => own ?? []);
    const asked = [dm, combat, ...kept, ...own].map(({ extra }) => extra.engine);
    return [...new Set(asked)].filter((name) => typeof name === "string");
  }

  /** By id, else by the name that is shown. */
  character(name: string): Character | undefined {
    const { characters } = this.#content;
    const key = nameKey(name);
    return characters.get(name) ?? characters.values().find(({ sheet }) => nameKey(sheet.name ?? "") === key);
  }

  put(character: Character): void {
    this.#content.characters.set(character.id, character);
    this.#spoken = withNames(this.#content);
  }

  remove({ id }: Character): void {
    this.#content.characters.delete(id);
    this.#spoken = withNames(this.#content);
  }

  /** Of the DM, of combat, of a character; for anybody else the DM's. */
  ofSpeaker(speaker: string): VoiceConfig {
    const { dm, combat } = this.#content;
    if (isNarrator(speaker)) return nameKey(speaker) === "dm" ? dm : combat;
    return this.ofNpc(speaker, {});
  }

  /** A character's, else by gender and race, gender, race; else the DM's. */
  ofNpc(name: string, traits: NpcTraits): VoiceConfig {
    const character = this.character(name);
    const voice = this.#archetypeOf({ ...traits, ...traitsIn(character) });
    return character ? voiceOf(character, voice) : voice;
  }

  /** The same, varied by the name; undefined for who has a voice of their own, and where nobody is given one. */
  ofCast(name: string, traits: NpcTraits): VoiceConfig | undefined {
    const character = this.character(name);
    const { casts, dm, combat } = this.#content;
    if (!casts || isNarrator(name) || character?.own) return undefined;
    const known = { ...traits, ...traitsIn(character) };
    const who = { ...known, name: character?.id ?? name };
    const voice = castVoice(this.#archetypeOf(known), who, { apart: [dm, combat] });
    return character ? voiceOf(character, voice) : voice;
  }

  #archetypeOf(traits: NpcTraits): VoiceConfig {
    const { archetypes, dm } = this.#content;
    const found = archetypeKeysFor(traits).map((key) => archetypes.get(key)?.voice);
    return found.find((voice) => voice !== undefined) ?? dm;
  }
}

function traitsIn(character: Character | undefined): NpcTraits {
  const { race, gender } = character?.sheet ?? {};
  return { ...(race === undefined ? {} : { race }), ...(gender === undefined ? {} : { gender }) };
}

/** The campaign's own words come first. */
function withNames({ spoken, characters }: RegistryContent): SpokenSettings {
  const names = characters.values().flatMap((character) => namedIn(character));
  return { ...spoken, lexicon: [...spoken.lexicon, ...names] };
}

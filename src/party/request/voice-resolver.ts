import { letGo } from "../../core/async/abortable.ts";
import { cleaned } from "../../core/clean-text.ts";
import { BardcastError, coded, type WireError } from "../../core/errors.ts";
import type { Colour } from "../../core/protocol/colours.ts";
import type { SpokenSettings } from "../../core/text/spoken/spoken-settings.ts";
import type { Character } from "../../voices/characters/character.ts";
import { shownColour, shownName } from "../../voices/characters/character-sheet.ts";
import type { NpcTraits } from "../../voices/npc-traits.ts";
import { isNarrator, nameKey } from "../../voices/registry-keys.ts";
import { isVoiceConfig, overlayVoice, plainVoice, type VoiceConfig } from "../../voices/voice-config.ts";
import type { VoiceRegistry } from "../../voices/voice-registry.ts";
import { CastMemory } from "./cast-memory.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** The part of a registry that is needed to find a voice. Without `getCastVoice`, no NPC gets a voice of its own. */
export type VoiceSource = Pick<VoiceRegistry, "getVoiceConfig" | "getNpcVoice"> &
  Partial<Pick<VoiceRegistry, "getCastVoice" | "getCharacter" | "listCharacters" | "spoken">>;

/** Hears what is wrong with the registry. */
export type Tell = (problem: BardcastError) => void;

const quiet: Tell = () => undefined;
/** The language where no registry names one. */
const LAST_LANGUAGE = "en-us";

/** Whose voices an utterance is said in, and how they say it. */
export interface SpeakerVoices {
  voice: VoiceConfig;
  /** The voices of NPCs that the text itself names. */
  voiceNamed: (name: string) => VoiceConfig;
  /** What lines call a character of that name, where there is one. */
  known: (name: string) => string | undefined;
  /** How texts are spoken at the table, whose lexicon may change between two sentences. */
  spoken: () => SpokenSettings | undefined;
  /** What went wrong when they were looked up; it grows while the text names more of them. */
  problems: readonly WireError[];
}

/** How a character is shown. */
export interface ShownSpeaker {
  name: string;
  colour: Colour;
}

/** Finds the voices of a party's speakers, and knows what was said of them. */
export class VoiceResolver {
  readonly #registry: VoiceSource;
  readonly #casts: boolean;
  readonly #memory: CastMemory;
  /** Clean copies of what the registry answered. One voice says many lines: what others find out about it is found again. */
  readonly #copies = new WeakMap<object, VoiceConfig>();

  /**
   * @param casts whether NPCs nobody configured get voices of their own
   * @param memory who has spoken before
   */
  constructor(registry: VoiceSource, casts: boolean, memory: CastMemory = new CastMemory()) {
    this.#registry = registry;
    this.#casts = casts;
    this.#memory = memory;
  }

  /** How texts are spoken at this table, by now; undefined where the registry does not say. */
  get spoken(): SpokenSettings | undefined {
    return this.#registry.spoken;
  }

  /**
   * The voice of an utterance; a plain one where the registry has none to give.
   * @param tell called with what is wrong with the registry
   * @throws InputError `bad-request` where the utterance's own is impossible
   */
  voiceOf(
    speaker: string,
    { npc, voice }: Pick<UtteranceRequest, "npc" | "voice">,
    tell: Tell = quiet,
  ): VoiceConfig {
    return this.#voiceOf(speaker, { npc, voice }, tell);
  }

  /**
   * All that is asked for one utterance.
   * @param remembers whether those whom its text names speak at the table
   * @throws as `voiceOf`
   */
  voicesOf(
    request: Pick<UtteranceRequest, "speaker" | "npc" | "voice">,
    tell: Tell,
    remembers: boolean,
  ): Omit<SpeakerVoices, "problems"> {
    return {
      voice: this.voiceOf(request.speaker ?? "dm", request, tell),
      voiceNamed: (name) => {
        if (remembers) this.remember(name, undefined);
        return this.voiceNamed(name, tell);
      },
      known: (name) => this.known(name),
      spoken: () => this.spoken,
    };
  }

  /** They speak at the table: what is said of them holds from now on. */
  remember(speaker: string, npc: NpcTraits | undefined): void {
    if (npc || !isNarrator(speaker)) this.#memory.remember(speaker, npc);
  }

  /** The voice of somebody a text names: as they spoke before, if they did. */
  voiceNamed(name: string, tell: Tell = quiet): VoiceConfig {
    return this.#voiceOf(name, { npc: this.#memory.traitsOf(name) }, tell);
  }

  /** What lines call a character of that name, or who is shown by it; undefined where there is none. */
  known(name: string): string | undefined {
    const id = this.#sheetOf(name, quiet)?.id ?? this.#memory.nameOf(name);
    if (id !== undefined) return id;
    return this.#shownBy(nameKey(name));
  }

  /** How whoever speaks is shown, where that is a character. */
  shownAs(speaker: string, npc: NpcTraits | undefined, tell: Tell = quiet): ShownSpeaker | undefined {
    if (!npc && isNarrator(speaker)) return undefined;
    const { id, sheet } = this.#sheetOf(speaker, tell) ?? { id: speaker, sheet: {} };
    return { name: shownName(id, sheet), colour: shownColour(id, sheet) };
  }

  /** Of a registry that may be foreign code, as the next. */
  #shownBy(key: string): string | undefined {
    try {
      return this.#registry.listCharacters?.().find(({ id, sheet }) => nameKey(shownName(id, sheet)) === key)
        ?.id;
    } catch {
      return undefined;
    }
  }

  #sheetOf(speaker: string, tell: Tell): Character | undefined {
    try {
      return this.#registry.getCharacter?.(speaker);
    } catch (error) {
      tell(coded(error, "voice-unknown", "the registry failed"));
      return undefined;
    }
  }

  #voiceOf(
    speaker: string,
    { npc, voice }: { npc: NpcTraits | undefined; voice?: unknown },
    tell: Tell,
  ): VoiceConfig {
    const registry = this.#registry;
    const plain =
      this.#found(
        () => (npc ? registry.getNpcVoice(speaker, npc) : registry.getVoiceConfig(speaker)),
        tell,
      ) ?? plainVoice(LAST_LANGUAGE);
    const traits = npc ?? this.#memory.traitsOf(speaker) ?? {};
    const cast = this.#casts ? this.#found(() => registry.getCastVoice?.(speaker, traits), tell) : undefined;
    const own = cast ?? plain;
    if (voice === undefined) return own;
    const chosen = overlayVoice(own, voice);
    // A caller who names a voice wants exactly that voice, not a variation of it.
    return chosen.voiceId === own.voiceId ? chosen : overlayVoice(plain, voice);
  }

  /** Asks a registry that may be foreign code. If it fails or answers nonsense, that is reported and the line is spoken anyway. */
  #found(ask: () => unknown, tell: Tell): VoiceConfig | undefined {
    try {
      const answer = ask();
      if (answer === undefined) return undefined;
      if (isVoiceConfig(answer)) return this.#copyOf(answer);
      // It may be a promise, which nobody waits for.
      letGo(() => answer);
      tell(new BardcastError("voice-unknown", "the registry answered with something that is no voice"));
    } catch (error) {
      tell(coded(error, "voice-unknown", "the registry failed"));
    }
    return undefined;
  }

  /** A registry may change its voices in place: what is being said stays as it was. */
  #copyOf(answer: VoiceConfig): VoiceConfig {
    const known = this.#copies.get(answer);
    if (known && isSame(known, answer)) return known;
    const copy = cleaned(answer) as VoiceConfig;
    this.#copies.set(answer, copy);
    return copy;
  }
}

/** Whether two values have the same content, as far as `cleaned` copies it. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [entries, others] = [Object.entries(one), Object.entries(other)];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    entries.length === others.length &&
    entries.every(([key, value], at) => key === others[at]?.[0] && isSame(value, others[at]?.[1]))
  );
}

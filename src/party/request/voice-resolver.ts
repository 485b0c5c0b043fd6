import { letGo } from "../../core/async/abortable.ts";
import { cleaned } from "../../core/clean-text.ts";
import { BardcastError, coded } from "../../core/errors.ts";
import type { NpcTraits } from "../../voices/npc-traits.ts";
import { nameKey } from "../../voices/registry-keys.ts";
import { isVoiceConfig, overlayVoice, plainVoice, type VoiceConfig } from "../../voices/voice-config.ts";
import type { VoiceRegistry } from "../../voices/voice-registry.ts";
import type { UtteranceRequest } from "./utterance.ts";

/** The part of a registry that is needed to find a voice. Without `getCastVoice`, no NPC gets a voice of its own. */
export type VoiceSource = Pick<VoiceRegistry, "getVoiceConfig" | "getNpcVoice"> &
  Partial<Pick<VoiceRegistry, "getCastVoice" | "spoken">>;

/** Hears what is wrong with the registry. */
export type Tell = (problem: BardcastError) => void;

const quiet: Tell = () => undefined;
/** The language where no registry names one. */
const LAST_LANGUAGE = "en-us";

/** NPCs whose race and gender are remembered: more than a campaign has. */
const MAX_KNOWN = 1000;

/** A speaker nobody configured, and what was said of them. */
export type KnownNpc = readonly [name: string, traits: NpcTraits];

/** Who has spoken before, so that their voices stay the same. */
export interface NpcMemory {
  known: readonly KnownNpc[];
  /** Gets all of them when one is new, or more is said of one. */
  onChange: (known: readonly KnownNpc[]) => void;
}

/** Finds the voices of a party's speakers, and knows what was said of them. */
export class VoiceResolver {
  readonly #registry: VoiceSource;
  readonly #casts: boolean;
  /** Race and gender by name, the longest unheard first. */
  readonly #known: Map<string, NpcTraits>;
  readonly #onChange: NpcMemory["onChange"] | undefined;

  /**
   * @param casts whether NPCs nobody configured get voices of their own
   * @param memory who has spoken before
   */
  constructor(registry: VoiceSource, casts: boolean, memory?: NpcMemory) {
    this.#registry = registry;
    this.#casts = casts;
    this.#known = new Map(memory?.known);
    this.#onChange = memory?.onChange;
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
    if (npc) this.#remember(speaker, npc);
    const registry = this.#registry;
    const plain =
      found(() => (npc ? registry.getNpcVoice(speaker, npc) : registry.getVoiceConfig(speaker)), tell) ??
      plainVoice(LAST_LANGUAGE);
    const traits = npc ?? this.#traitsOf(speaker);
    const cast = this.#casts ? found(() => registry.getCastVoice?.(speaker, traits), tell) : undefined;
    const own = cast ?? plain;
    if (voice === undefined) return own;
    const chosen = overlayVoice(own, voice);
    // A caller who names a voice wants exactly that voice, not a variation of it.
    return chosen.voiceId === own.voiceId ? chosen : overlayVoice(plain, voice);
  }

  /** The voice of somebody a text names: as they spoke before, if they did. */
  voiceNamed(name: string, tell: Tell = quiet): VoiceConfig {
    const npc = this.#known.get(nameKey(name));
    return this.voiceOf(name, npc ? { npc } : {}, tell);
  }

  #traitsOf(name: string): NpcTraits {
    return this.#known.get(nameKey(name)) ?? {};
  }

  #remember(name: string, { race, gender }: NpcTraits): void {
    const key = nameKey(name);
    const before = this.#known.get(key);
    this.#known.delete(key);
    this.#known.set(key, { race, gender });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    if (before?.race !== race || before?.gender !== gender || !before) this.#onChange?.([...this.#known]);
  }
}

/** Asks a registry that may be foreign code. If it fails or answers nonsense, that is reported and the line is spoken anyway. */
function found(ask: () => unknown, tell: Tell): VoiceConfig | undefined {
  try {
    const answer = ask();
    if (answer === undefined) return undefined;
    if (isVoiceConfig(answer)) return cleaned(answer) as VoiceConfig;
    // It may be a promise, which nobody waits for.
    letGo(() => answer);
    tell(new BardcastError("voice-unknown", "the registry answered with something that is no voice"));
  } catch (error) {
    tell(coded(error, "voice-unknown", "the registry failed"));
  }
  return undefined;
}

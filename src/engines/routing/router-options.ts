import type { Observe } from "../../core/observation.ts";
import type { SpokenSettings } from "../../core/text/spoken/spoken-settings.ts";
import type { TTSEngine } from "../contract/engine.ts";
import type { SpeakWith, SpeakWithOptions } from "./engine-attempt.ts";
import type { HealthOptions } from "./engine-health.ts";
import type { Synthesizer } from "./synthesizer.ts";
import type { TierMap } from "./tiers.ts";

export interface RouteOptions extends SpeakWithOptions {
  /** combat, narration, dialogue, ambient or default; anything else counts as default. */
  context?: string;
  /** Whose line it is: an NPC's name, `dm` or `combat`. */
  speaker?: string;
  /** BCP 47: it is written in letters of this language, and only engines that speak it are asked. */
  onlyLanguage?: string;
  /** How texts are spoken at this table; by default there is no lexicon. */
  spoken?: SpokenSettings;
}

export interface TTSRouterOptions {
  /** In order of preference. */
  engines: readonly (TTSEngine | Synthesizer)[];
  /** Replaces single tiers; the others come from the order of the engines and the hardware. */
  tiers?: Partial<TierMap>;
  /** When an engine is out of order, and how it is tried again. */
  health?: HealthOptions;
  /** ms of silence after which an engine on this thread is given up; default 10 000. */
  hangMs?: number;
  /** Where it is told, one sentence each, which engine is out of order and which speaks again; default nowhere. */
  log?: (message: string) => void;
  /** Told how engines do, for whoever measures it. */
  observe?: Observe;
  /** Answers for the engines with what they said before, as `SpeechCache.speakWith` does; by default they are asked. */
  speakWith?: SpeakWith;
}

import type { SpokenForm } from "../../core/text/spoken/spoken-form.ts";
import { PLAIN_SETTINGS, type SpokenSettings } from "../../core/text/spoken/spoken-settings.ts";
import { type SpokenText, spokenText } from "../../core/text/spoken/spoken-text.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities } from "../contract/engine.ts";
import { spokenTag } from "../contract/spoken-language.ts";

/** Whose line a text is. */
interface Line {
  speaker?: string | undefined;
  spoken?: SpokenSettings | undefined;
}

/** Turns written text into the text that an engine is asked to speak. */
export class EngineText {
  /** By the settings that were asked for last: they change rarely. */
  #form: SpokenForm | undefined;

  /** Loads the rules, for which nobody waits who never speaks. */
  async load(settings: SpokenSettings = PLAIN_SETTINGS): Promise<SpokenForm> {
    const loaded = this.#loaded(settings);
    if (loaded) return loaded;
    const { SpokenForm } = await import("../../core/text/spoken/spoken-form.ts");
    const isFirst = this.#form === undefined;
    this.#form = new SpokenForm(settings);
    // The first text of a process takes many times as long as any other.
    if (isFirst) this.#form.pieces("Take 3 maps for $5, Dr. Vane, at 8:30.", { language: "en" });
    return this.#form;
  }

  async of(
    written: string,
    voice: VoiceConfig,
    { spells, ipa }: EngineCapabilities,
    { speaker, spoken }: Line = {},
  ): Promise<SpokenText> {
    const form = this.#loaded(spoken) ?? (await this.load(spoken));
    const options = { language: spokenTag(voice), speaker, speller: spells, takesIpa: ipa };
    return spokenText(written, form.pieces(written, options));
  }

  #loaded(settings: SpokenSettings = PLAIN_SETTINGS): SpokenForm | undefined {
    return this.#form?.settings === settings ? this.#form : undefined;
  }
}

import type { OfferedVoice } from "../../core/protocol/voices-api.ts";
import type { VoiceInstaller } from "../../server/http/voice-installer.ts";
import { CATALOGUE, type CatalogueEntry, downloadBytes } from "./catalogue.ts";
import { missingLibrary } from "./library.ts";

/** The engine of installed voices, and the one that out of the box comes first. */
const ENGINE = "sherpa";
const NEXT = "espeak";
const PIPER = /^piper:/;

/**
 * Installs voices into a folder while a table is served, for the game master's console. What it needs is loaded when it is
 * asked: every start would wait for it.
 */
export function createVoiceInstaller(
  dir: string,
  catalogue: readonly CatalogueEntry[] = CATALOGUE,
): VoiceInstaller {
  const installed = async (): Promise<{ name: string; language: string }[]> => {
    const { installedVoices } = await import("../../engines/sherpa/sherpa-voices.ts");
    const voices = await installedVoices(dir, () => undefined);
    return voices.map(({ name, model }) => ({ name, language: model.languages[0] ?? "en" }));
  };
  return {
    engine: ENGINE,
    before: NEXT,
    offered: offeredOf(catalogue),
    missing: missingLibrary,
    installed,
    async install(name, { signal, onProgress, onUnpack }) {
      let folder = name.replace(PIPER, "");
      // A command may have installed it since the table was opened.
      if ((await installed()).some((voice) => voice.name === folder)) return folder;
      const { installBeside } = await import("./install-process.ts");
      await installBeside(name, {
        dir,
        signal,
        tell(event) {
          if (event.type === "progress") onProgress(event.bytes, event.total);
          if (event.type === "unpacking") onUnpack();
          if (event.type === "installed") folder = event.name;
        },
      });
      return folder;
    },
  };
}

/** Voices of the catalogue, the smallest in English first: it is the one to begin with. */
export function offeredOf(catalogue: readonly CatalogueEntry[]): readonly OfferedVoice[] {
  const isForeign = ({ languages }: OfferedVoice): number =>
    languages.some((tag) => /^en\b/.test(tag)) ? 0 : 1;
  return catalogue
    .filter(({ family }) => family !== "data")
    .map((entry) => {
      const { name, family, licence, languages, speakers } = entry;
      return { name, family, licence, languages, speakers, bytes: downloadBytes(entry) };
    })
    .sort((one, other) => isForeign(one) - isForeign(other) || one.bytes - other.bytes);
}

import { join } from "node:path";
import type { OfferedVoice } from "../../src/core/protocol/voices-api.ts";
import type { InstallProgress, VoiceInstaller } from "../../src/server/serve-options.ts";
import { writeVitsVoice } from "./stand-in-voices.ts";

export const OFFERED: readonly OfferedVoice[] = [
  { name: "tiny", family: "Piper", licence: "CC0", languages: ["en-us"], speakers: 4, bytes: 2000 },
  { name: "large", family: "Kokoro", licence: "Apache-2.0", languages: ["en-us"], speakers: 54, bytes: 9e6 },
];

/** Installs as it is told, into a folder; its voices are stand-ins that sherpa speaks. */
export class Installer implements VoiceInstaller {
  readonly engine: VoiceInstaller["engine"];
  readonly offered: readonly OfferedVoice[] = OFFERED;
  readonly here: { name: string; language: string }[] = [];
  needed: string | undefined;
  /** What becomes of the next. */
  next: (name: string, progress: InstallProgress) => Promise<unknown> = async () => undefined;
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    this.engine = { engine: "sherpa", options: { voicesDir: dir } };
  }

  missing(): string | undefined {
    return this.needed;
  }

  async installed(): Promise<readonly { name: string; language: string }[]> {
    return this.here;
  }

  async install(name: string, progress: InstallProgress): Promise<string> {
    await this.next(name, progress);
    progress.onUnpack();
    await writeVitsVoice(join(this.#dir, name));
    this.here.push({ name, language: "en-us" });
    return name;
  }
}

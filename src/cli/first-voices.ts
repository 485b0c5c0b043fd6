import { BardcastError, messageOf } from "../core/errors.ts";
import type { VoiceInstaller } from "../server/http/voice-installer.ts";
import { voicesDir } from "../voices/voices-dir.ts";
import { commandLine } from "./command-line.ts";
import { warn } from "./terminal.ts";
import { tellPeople } from "./voices/install-report.ts";
import { voiceSources } from "./voices/sources.ts";

/** What installs voices while a table is served; undefined where there is no folder for them. */
export async function consoleInstaller(): Promise<VoiceInstaller | undefined> {
  const dir = voicesDir();
  if (dir === undefined) return undefined;
  const { createVoiceInstaller } = await import("./voices/voice-installer.ts");
  return createVoiceInstaller(dir);
}

/**
 * Installs voices before a table is served. One that cannot be is told in one line, and the table is served without it.
 * @throws BardcastError `cancelled` where it was stopped
 */
export async function installFirst(names: readonly string[]): Promise<void> {
  const dir = voicesDir();
  if (names.length === 0) return;
  const { installByName } = await import("./voices/install.ts");
  const { isVoice } = await import("./voices/installed-voice.ts");
  for (const name of names) {
    try {
      if (dir === undefined) throw new BardcastError("bad-request", "there is no home folder here");
      if (await isVoice(dir, name.replace(/^piper:/, ""))) continue;
      const flags = { dir, ...voiceSources(), sha256: undefined, unverified: false };
      await installByName(name, flags, tellPeople(warn));
    } catch (error) {
      if (error instanceof BardcastError && error.code === "cancelled") throw error;
      warn(`The table starts without ${name}: ${messageOf(error)}`);
    }
  }
}

/** How whoever starts a table gets a voice that sounds like a person. */
export function offer(installer: VoiceInstaller): string {
  const [first] = installer.offered;
  if (!first) return "";
  const { name, bytes, licence } = first;
  const missing = installer.missing();
  const before = missing === undefined ? "" : `${missing}, then `;
  return (
    `For voices that sound like people: ${before}${commandLine(`--voice ${name}`)}\n` +
    `(${Math.round(bytes / 1e6)} MB, ${licence}), or one click in the console.\n`
  );
}

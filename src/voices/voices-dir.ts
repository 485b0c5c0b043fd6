/**
 * The folder of installed voices, each in a folder of its own: `BARDCAST_VOICES_DIR`, else what the XDG Base
 * Directory Specification says, else `~/.local/share/bardcast/voices`.
 * @returns undefined where there is no home, or it may not be known
 */
export function voicesDir(): string | undefined {
  try {
    const { BARDCAST_VOICES_DIR, XDG_DATA_HOME, HOME, USERPROFILE } = globalThis.process?.env ?? {};
    if (BARDCAST_VOICES_DIR) return BARDCAST_VOICES_DIR;
    const home = HOME || USERPROFILE;
    const data = XDG_DATA_HOME || (home && `${home}/.local/share`);
    return data ? `${data}/bardcast/voices` : undefined;
  } catch {
    // Deno does not let everybody see the environment.
    return undefined;
  }
}

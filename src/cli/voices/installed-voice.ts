import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Names of voices, which are names of folders: nothing that leads further away. */
export const VOICE_NAME: RegExp = /^[\w][\w.+-]{0,100}$/;

/** In the folder of a voice that was installed: what it is, and where it is from. */
export const ORIGIN_FILE = "bardcast.json";

/** Whether a folder of the folder of voices is a voice, or belongs to one; whoever put it there. */
export async function isVoice(dir: string, name: string): Promise<boolean> {
  if (!VOICE_NAME.test(name)) return false;
  const files = await readdir(join(dir, name)).catch(() => []);
  return files.some((file) => file === ORIGIN_FILE || file === "phontab" || file.endsWith(".onnx"));
}

import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../options.ts";
import type { VoicesFlags } from "../voices.ts";

/** `voices remove NAME` */
export async function removeCommand({ words, dir }: VoicesFlags): Promise<void> {
  const [name, ...rest] = words;
  // A name is that of a folder in the folder of voices, nothing further away.
  if (name === undefined || rest.length > 0 || !/^[\w][\w.+-]*$/.test(name)) {
    throw new UsageError("voices remove takes the name of one voice");
  }
  const folder = join(dir, name);
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new UsageError(`no voice "${name}" is installed in ${dir}`);
  await rm(folder, { recursive: true });
  console.log(`removed ${folder}`);
}

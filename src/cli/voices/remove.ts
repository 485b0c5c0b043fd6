import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BardcastError } from "../../core/errors.ts";
import { removeBlends } from "../../engines/sherpa/blended-speakers.ts";
import { UsageError } from "../options.ts";
import { say } from "../terminal.ts";
import type { VoicesFlags } from "./flags.ts";
import { isVoice } from "./installed-voice.ts";

/** `voices remove NAME` */
export async function removeCommand({ words, dir }: VoicesFlags): Promise<void> {
  const [name, ...rest] = words;
  if (name === undefined || rest.length > 0)
    throw new UsageError("voices remove takes the name of one voice");
  if (!(await isVoice(dir, name)))
    throw new BardcastError("not-found", `no voice "${name}" is installed in ${dir}`);
  const folder = join(dir, name);
  await rm(folder, { recursive: true });
  await removeBlends(dir, name);
  say(`removed ${folder}`);
}

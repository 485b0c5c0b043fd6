import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { mustRun } from "../support/run.ts";

/** What the documentation calls; none of it is really run: each tells what it was given. */
const CALLED = ["npm", "npx", "bardcast", "node", "docker", "curl", "deno", "tail", "llm"];
/** What a block takes for granted: whose tokens there are, a letter to be read, folders of shells. */
const BEFORE =
  'set -eu; export DM=dm-token DOOR=door-token BARDCAST_OPERATOR_KEY=operators-key; fpath=("" "$HOME"); touch letter.md';

/** Has a shell run a block of the documentation. @returns the words of every command, in its order, but for pipes */
export async function shellCommands(block: string): Promise<string[][]> {
  const home = await mkdtemp(`${tmpdir()}/bardcast-docs-`);
  const told = `${home}/told`;
  try {
    await mkdir(`${home}/bin`);
    await mkdir(`${home}/.config/fish/completions`, { recursive: true });
    await writeFile(told, "");
    for (const name of CALLED) {
      const path = `${home}/bin/${name}`;
      // One write a command, so that the two ends of a pipe do not mix.
      await writeFile(path, `#!/bin/bash\nIFS=$'\\x1f'; printf '%s\\x1e' "${name}$IFS$*" >> "${told}"\n`);
      await chmod(path, 0o755);
    }
    const env = { HOME: home, PATH: `${home}/bin:/usr/bin:/bin` };
    await mustRun(["/bin/bash", "-c", `${BEFORE}\n${block}`], { cwd: home, env });
    const commands = (await readFile(told, "utf8")).split("\x1e").filter(Boolean);
    return commands.map((command) => command.split("\x1f"));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

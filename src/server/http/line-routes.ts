import { Hono } from "hono";
import { BardcastError } from "../../core/errors.ts";
import type { LineStatus } from "../../core/protocol/api.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import type { ClaimsEnv } from "./authorize.ts";

/** Lines of the log that are looked through. */
const PAGE = 100;

/**
 * A service may ask after its own lines, and end them; the DM may do so with every line.
 * @throws BardcastError `unknown-utterance` where it is somebody else's: what others said is not told
 */
function requireOwn(party: Party, utterance: string, { role, player }: Claims): void {
  if (role === "service" && party.serviceOf(utterance) !== player) throw unknown();
}

/** One line, for whoever said it, and for the DM: how far it is, and its end. */
export function createLineRoutes(party: Party): Hono<ClaimsEnv> {
  const routes = new Hono<ClaimsEnv>();
  routes.get("/:utterance", async (c) => {
    const utterance = c.req.param("utterance");
    requireOwn(party, utterance, c.get("claims"));
    return c.json<LineStatus>(await lineOf(party, utterance));
  });
  routes.delete("/:utterance", (c) => {
    const utterance = c.req.param("utterance");
    requireOwn(party, utterance, c.get("claims"));
    if (!party.cancel(utterance)) throw unknown();
    return c.json({ utterance, cancelled: true });
  });
  return routes;
}

async function lineOf(party: Party, utterance: string): Promise<LineStatus> {
  const { queue } = await party.status();
  const isIt = (line: { utterance: string }): boolean => line.utterance === utterance;
  const line = queue.find(isIt) ?? party.said({ limit: PAGE }).utterances.find(isIt);
  if (!line) throw unknown();
  const present = new Set(("report" in line ? line.report : line).players.map(({ player }) => player));
  const addressed = line.to === "all" ? party.players : line.to;
  return { ...line, absent: addressed.filter((player) => !present.has(player)) };
}

function unknown(): BardcastError {
  const message = "no such line is speaking or waiting; it may be over";
  return new BardcastError("unknown-utterance", message);
}

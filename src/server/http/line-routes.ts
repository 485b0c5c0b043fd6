import { Hono } from "hono";
import { BardcastError } from "../../core/errors.ts";
import type { LineStatus, LinesEnded, QueuedUtterance } from "../../core/protocol/api.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import type { ClaimsEnv } from "./authorize.ts";

/** Lines of the log that are looked through. */
const PAGE = 100;

/** A service may ask after its own lines, and end them; the DM may do so with every line. */
function isOwn(party: Party, utterance: string, { role, player }: Claims): boolean {
  return role !== "service" || party.serviceOf(utterance) === player;
}

/** @throws BardcastError `unknown-utterance` where it is somebody else's: what others said is not told */
function requireOwn(party: Party, utterance: string, claims: Claims): void {
  if (!isOwn(party, utterance, claims)) throw unknown();
}

/** Lines, for whoever said them, and for the DM: how far one is, and the end of one or of all. */
export function createLineRoutes(party: Party): Hono<ClaimsEnv> {
  const routes = new Hono<ClaimsEnv>();
  routes.get("/:utterance", async (c) => {
    const utterance = c.req.param("utterance");
    requireOwn(party, utterance, c.get("claims"));
    return c.json<LineStatus>(await lineOf(party, utterance));
  });
  routes.delete("/", async (c) => {
    const { queue } = await party.status();
    const own = queue.filter(({ utterance }) => isOwn(party, utterance, c.get("claims")));
    // What is being heard goes last: else what waits behind it would be heard for a moment.
    const isInterrupted = ({ state }: QueuedUtterance): boolean => state === "interrupted";
    const order = [...own.filter(isInterrupted), ...own.filter((line) => !isInterrupted(line)).toReversed()];
    for (const { utterance } of order) party.cancel(utterance);
    return c.json<LinesEnded>({ cancelled: own.map(({ utterance }) => utterance) });
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

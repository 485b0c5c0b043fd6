import { Hono } from "hono";
import { BardcastError } from "../../core/errors.ts";
import type { Parties } from "../../party/parties/parties.ts";
import type { Party } from "../../party/party.ts";
import { enginesOf } from "../../party/party-status.ts";
import { EventLoopWatch } from "./event-loop-watch.ts";
import { healthOf, isReady } from "./health.ts";
import { PartyMetrics } from "./party-metrics.ts";

/**
 * What is asked by whoever watches over a table, without a token: `/healthz`, `/readyz` and `/metrics`.
 * @param parties those beside it, which are counted
 */
export function createWatch(party: Party, parties?: Parties): Hono {
  const routes = new Hono();
  const loop = new EventLoopWatch();
  const metrics = new PartyMetrics(party, loop, parties);
  const examined = {
    engines: () => enginesOf(party.router),
    isStoreWritable: () => party.store.status?.writable ?? true,
    isClusterReachable: () => party.cluster?.status.connected ?? true,
  };
  party.observers.add(({ type }) => type === "party.closed" && loop.stop());

  // A table that goes on with less is not to be started anew, which would end it for everybody: 200.
  routes.get("/healthz", async (c) =>
    c.json({ ok: true, party: party.id, ...(await healthOf(examined, loop)) }),
  );
  routes.get("/readyz", (c) => {
    if (!isReady(party, loop)) {
      throw new BardcastError("busy", "the serving thread is stalled; others are to be sent elsewhere", {
        retryable: true,
      });
    }
    return c.json({ ok: true, party: party.id });
  });
  routes.get("/metrics", async (c) =>
    c.text(await metrics.text(), 200, { "Content-Type": metrics.contentType }),
  );
  return routes;
}

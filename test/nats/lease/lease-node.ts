/** A process that wants one party, and while it holds that sends a frame every few ms with the claim's epoch. */
import { BusConnection } from "../../../src/nats/connection.ts";
import { createLeases } from "../../../src/nats/lease/create-leases.ts";
import type { Claim } from "../../../src/nats/lease/leases.ts";
import { endWithParent } from "../end-with-parent.ts";

const [servers = "", node = "", beatMs, silenceMs, probeMs] = process.argv.slice(2);
const FRAME_MS = 5;
const WANT_MS = 20;

endWithParent();
const connection = await BusConnection.open({ servers }, node);
const leases = await createLeases(connection, {
  node,
  beatMs: Number(beatMs),
  silenceMs: Number(silenceMs),
  probeMs: Number(probeMs),
});
let claim: Claim | undefined;
let isAsking = false;

async function want(): Promise<void> {
  if (isAsking || claim?.lost.aborted === false) return;
  isAsking = true;
  const asked = await leases.claim("p").catch(() => undefined);
  claim = asked?.claim;
  isAsking = false;
}

leases.observe(({ type }) => {
  if (type === "gone") void want();
});
setInterval(() => void want(), WANT_MS);
setInterval(() => {
  if (!claim || claim.lost.aborted) return;
  connection.publish("frames", JSON.stringify({ epoch: claim.epoch, session: leases.session, node }));
}, FRAME_MS);
process.once("SIGTERM", () => void leases.close().then(() => process.exit(0)));
console.log("up");

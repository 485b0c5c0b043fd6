import { afterAll } from "bun:test";
import { nats } from "../../src/nats/nats.ts";
import { type ServeOptions, serve } from "../../src/server/bun.ts";
import { NatsServer } from "./nats-server.ts";

/** The same on both nodes. */
const SECRET = "a secret that both nodes of a test share";

/**
 * `BARDCAST_TEST_CLUSTER=1 bun test test/server`: the server that is tested serves its table beside another node, which makes the
 * party's lines. What a test asks of `server.party` itself is not answered there.
 * @returns options for the one that is tested
 */
export async function besideAnother(options: ServeOptions): Promise<ServeOptions> {
  const servers = await NatsServer.start();
  const shared = { ...options, secret: options.secret ?? SECRET };
  const { campaignDir: _, ...alone } = shared;
  const cluster = nats({ servers: servers.url, node: "holder" });
  const holder = await serve({ port: 0, host: "127.0.0.1", ...alone, cluster });
  // Who is asked first takes the party.
  const headers = { Authorization: `Bearer ${await holder.party.tokens.issueDm()}` };
  await fetch(`${holder.url}/api/status`, { headers });
  afterAll(async () => {
    await holder.close();
    await servers.stop();
  });
  return { ...shared, cluster: nats({ servers: servers.url, node: "tested" }) };
}

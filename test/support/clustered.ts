import { afterAll } from "bun:test";
import { nats } from "../../src/nats/nats.ts";
import { type BardcastServer, type ServeOptions, serve } from "../../src/server/bun.ts";
import { NatsServer } from "./nats-server.ts";

/** The same on both nodes. */
const SECRET = "a secret that both nodes of a test share";

/**
 * `BARDCAST_TEST_CLUSTER=holder bun test test/server`: the server that is tested serves its table beside another node, and makes
 * the party's lines. `=edge`: the other one makes them; what a test asks of `server.party` itself is not answered then.
 */
export async function serveBesideAnother(options: ServeOptions): Promise<BardcastServer> {
  const servers = await NatsServer.start();
  const shared = { ...options, secret: options.secret ?? SECRET };
  const { campaignDir: _, wyoming: __, ...beside } = { ...shared, port: 0 };
  const join = async (node: string, its: ServeOptions): Promise<BardcastServer> => {
    const server = await serve({ ...its, cluster: nats({ servers: servers.url, node }) });
    // Who is asked first takes the party.
    const headers = { Authorization: `Bearer ${await server.party.tokens.issueDm()}` };
    await fetch(`${server.url}/api/status`, { headers });
    return server;
  };
  const isHolder = process.env.BARDCAST_TEST_CLUSTER === "holder";
  const other = isHolder ? undefined : await join("other", beside);
  const tested = await join("tested", shared);
  const nodes = [tested, other ?? (await join("other", beside))];
  afterAll(async () => {
    for (const node of nodes) await node.close();
    await servers.stop();
  });
  return tested;
}

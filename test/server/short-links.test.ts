import { afterAll, expect, test } from "bun:test";
import { shortUrl } from "../../src/server/http/invite.ts";
import { startPrefixProxy } from "../support/prefix-proxy.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()] });
const proxy = await startPrefixProxy(Number(new URL(server.url).port), { prefix: "/table", says: {} });
afterAll(() => proxy.close());

test("a short link leads to the page of its person with a token, also behind a proxy that says nothing of its path", async () => {
  for (const base of [server.url, `http://127.0.0.1:${proxy.port}/table`]) {
    const player = await fetch(shortUrl(base, server.party, "thorin"));
    expect([player.status, player.url.split("?")[0]]).toEqual([200, `${base}/play`]);
    expect((await fetch(shortUrl(base, server.party))).url).toStartWith(`${base}/dm?token=`);
  }
});

test("one that is no good any more leads to the page that says so", async () => {
  const link = shortUrl(server.url, server.party, "elara");
  await server.call("/players/elara/refresh", { method: "POST" });
  const { status, url } = await fetch(link);
  expect([status, url]).toEqual([401, `${server.url}/play`]);
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InviteList } from "../../src/core/protocol/api.ts";
import { serve } from "../../src/server/bun.ts";
import { shortUrl } from "../../src/server/http/invite.ts";
import { startPrefixProxy } from "../support/prefix-proxy.ts";
import { startServer, TestServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const server = await startServer({ engines: [new ToneEngine()] });
const proxy = await startPrefixProxy(Number(new URL(server.url).port), { prefix: "/table", says: {} });
afterAll(() => proxy.close());

test("a short link leads to the page of its person with a token, also behind a proxy that says nothing of its path", async () => {
  for (const base of [server.url, `http://127.0.0.1:${proxy.port}/table`]) {
    const player = await fetch(await shortUrl(base, server.party, "thorin"));
    expect([player.status, player.url.split("?")[0]]).toEqual([200, `${base}/play`]);
    expect((await fetch(await shortUrl(base, server.party))).url).toStartWith(`${base}/dm?token=`);
  }
});

test("one that is no good any more leads to the page that says so", async () => {
  const link = await shortUrl(server.url, server.party, "elara");
  await server.call("/players/elara/refresh", { method: "POST" });
  const { status, url } = await fetch(link);
  expect([status, url]).toEqual([401, `${server.url}/play`]);
});

test("the console has them, they hold no token, and they are good after a restart, but for those that were replaced", async () => {
  const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-short-"));
  const open = () =>
    serve({
      port: 0,
      host: "127.0.0.1",
      campaignDir,
      players: ["thorin", "elara"],
      engines: [new ToneEngine()],
    });
  const codesOf = async (host: TestServer): Promise<string[]> => {
    const { players, console }: InviteList = await (await host.call("/invites")).json();
    const links = [...players.map(({ short }) => short), console];
    for (const link of links) expect(link).toMatch(/\/j\/[0-9a-z]{12}$/);
    return links.map((link) => link.slice(host.url.length));
  };
  try {
    const first = await open();
    const before = await codesOf(new TestServer(first, await first.party.tokens.issueDm()));
    await first.party.reinvite("elara");
    await first.close();
    const second = await open();
    const statuses = await Promise.all(before.map(async (code) => (await fetch(second.url + code)).status));
    expect(statuses).toEqual([200, 401, 200]);
    const after = await codesOf(new TestServer(second, await second.party.tokens.issueDm()));
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
    expect(after[1]).not.toBe(before[1]);
    await second.close();
  } finally {
    rmSync(campaignDir, { recursive: true, force: true });
  }
});

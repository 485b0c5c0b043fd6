import { afterAll, expect, test } from "bun:test";
import { startPrefixProxy } from "../support/prefix-proxy.ts";
import { Dm20Client, startServer, type TestServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const SAYS = {
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "party.example",
  "X-Forwarded-Prefix": "/table",
};

async function behind(says: Record<string, string>, options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer({ engines: [new ToneEngine()], cache: false, ...options });
  const proxy = await startPrefixProxy(Number(new URL(server.url).port), { prefix: "/table", says });
  afterAll(() => proxy.close());
  return { server, proxy, url: `http://127.0.0.1:${proxy.port}/table` };
}

async function invites(url: string, { dmToken }: TestServer): Promise<string[]> {
  const answer = await fetch(`${url}/api/invites`, { headers: { Authorization: `Bearer ${dmToken}` } });
  const { players } = await answer.json();
  return players.map((player: { url: string }) => player.url.replace(/\?.*/, ""));
}

test("behind a proxy that says who it is, links lead to it; asked directly, to this machine", async () => {
  const { server, url } = await behind(SAYS);
  expect(new Set(await invites(url, server))).toEqual(new Set(["https://party.example/table/play"]));
  expect(new Set(await invites(server.url, server))).toEqual(new Set([`${server.url}/play`]));
});

test("the public address is given out whatever a proxy says", async () => {
  const publicUrl = "https://tonight.example/our/table/";
  const { server, url } = await behind(SAYS, { publicUrl });
  for (const from of [url, server.url]) {
    expect(new Set(await invites(from, server))).toEqual(new Set(["https://tonight.example/our/table/play"]));
  }
});

test("where proxies are not trusted, what they say is passed over", async () => {
  const { server, url } = await behind(SAYS, { trustProxy: false });
  expect(new Set(await invites(url, server))).toEqual(new Set([`${server.url}/play`]));
});

test("the table's own address leads into its mount, with its query, with and without the slash", async () => {
  const { proxy } = await behind({ "X-Forwarded-Prefix": "/table" });
  for (const path of ["/table", "/table/"]) {
    const answer = await fetch(`http://127.0.0.1:${proxy.port}${path}?token=forged&codec=pcm16`);
    expect(answer.url).toBe(`http://127.0.0.1:${proxy.port}/table/dm?token=forged&codec=pcm16`);
    expect(answer.headers.get("Content-Type")).toStartWith("text/html");
  }
  const { server } = await behind({}, { publicUrl: "https://party.example/table" });
  const root = await fetch(`${server.url}/?token=forged`, { redirect: "manual" });
  expect(root.headers.get("Location")).toBe("./dm?token=forged");
  const named = await fetch(`${server.url}/`, { redirect: "manual", headers: { Host: "party.example" } });
  expect(named.headers.get("Location")).toBe("/table/dm");
});

test("socket, pages and what they load work under the prefix", async () => {
  const { server, url } = await behind(SAYS);
  const token = await server.party.tokens.issue("thorin");
  const page = await fetch(`${url}/play?token=${token}`);
  expect(page.headers.get("Content-Security-Policy")).toContain("connect-src 'self' wss://party.example");
  for (const [, reference = ""] of (await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect((await fetch(new URL(reference, page.url))).status).toBe(200);
  }
  const thorin = new Dm20Client(`${url}/ws?token=${token}`);
  await thorin.until("connected", 1);
  expect(await server.party.streamToPlayer("thorin", "Psst.")).toBe(true);
  await thorin.untilClips(1);
});

test("behind a trusted proxy connections are counted by whom it speaks for", async () => {
  const { server, proxy } = await behind({ "X-Forwarded-For": "203.0.113.9" }, { connectionsPerAddress: 2 });
  const socketUrl = async (base: string, player: string): Promise<string> =>
    `${base}/ws?token=${await server.party.tokens.issue(player)}`;
  const url = `http://127.0.0.1:${proxy.port}/table`;
  for (const player of ["thorin", "elara"]) {
    await new Dm20Client(await socketUrl(url, player)).until("connected", 1);
  }
  const refused = await fetch(`${url}/play`);
  expect([refused.status, (await refused.json()).error.code]).toEqual([503, "busy"]);
  expect((await fetch(`${server.url}/dm?token=${server.dmToken}`)).status).toBe(200);
});

test("a table that has all the connections its address may have is not taken for a dead one", async () => {
  const { server, url } = await behind({ "X-Forwarded-For": "203.0.113.9" }, { connectionsPerAddress: 1 });
  const token = await server.party.tokens.issue("thorin");
  await new Dm20Client(`${url}/ws?token=${token}`).until("connected", 1);
  expect((await fetch(`${url}/play?token=${token}`)).status).toBe(503);
  for (const path of ["healthz", "metrics"]) expect((await fetch(`${url}/${path}`)).status).toBe(200);
});

test("whose socket has closed may open another", async () => {
  const { server, url } = await behind({ "X-Forwarded-For": "2001:db8::1" }, { connectionsPerAddress: 1 });
  const token = await server.party.tokens.issue("thorin");
  for (let round = 0; round < 3; round++) {
    const client = new Dm20Client(`${url}/ws?token=${token}`);
    await client.until("connected", 1);
    client.socket.close();
    while (client.closed === undefined || (await fetch(`${url}/play?token=${token}`)).status !== 200)
      await Bun.sleep(5);
  }
});

test("what is no public address is refused at once", async () => {
  for (const publicUrl of [
    "party.example",
    "ftp://party.example",
    "https://me@party.example",
    "https://x/?a=b",
  ]) {
    await expect(startServer({ engines: [new ToneEngine()], publicUrl })).rejects.toThrow(
      `not "${publicUrl}"`,
    );
  }
});

test("a proxy on this machine is not taken for a port of the server's own", async () => {
  const { server, proxy, url } = await behind({ "X-Forwarded-Prefix": "/table" }, { host: "0.0.0.0" });
  const direct = await invites(url, server);
  const host = `127.0.0.1:${proxy.port}`;
  const forwarded = await fetch(`${server.url}/api/invites`, {
    headers: { Authorization: `Bearer ${server.dmToken}`, "X-Forwarded-Host": host },
  });
  const { players } = await forwarded.json();
  expect(players[0].url).toStartWith(`http://${host}/play`);
  expect(direct[0]).toEndWith("/table/play");
});

import { afterEach, describe, expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { connectMcp, type McpAge, type McpConnection } from "../support/mcp-client.ts";
import { type Dm20Client, startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const engine = new ToneEngine();
const server = await startServer({ engines: [engine] });
const { party } = server;

afterEach(() => server.silence());

async function service(name: string): Promise<string> {
  return (await party.guests.invite("service", name)).token;
}

const post = (headers: Record<string, string>, body: object = { jsonrpc: "2.0", id: 1, method: "ping" }) =>
  fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify(body),
  });
const dm = { Authorization: `Bearer ${server.dmToken}` };
const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

/** Longer than any test waits: a character is 10 ms of sound. */
const LONG = "A long way down the river. ".repeat(100);

/** Says something long, and waits until it is being heard. */
async function begin(
  mcp: McpConnection,
  listener: Dm20Client,
  signal?: AbortSignal,
): Promise<{ utterance: string; answer: Promise<unknown> }> {
  const before = listener.clips.length;
  const answer = mcp.call("narrate", { text: LONG }, signal ? { signal } : {}).catch((error) => error);
  await until(() => listener.clips.length > before);
  const { queue } = await party.status();
  return { utterance: queue[0]?.utterance ?? "", answer };
}

const isUnderWay = async (utterance: string): Promise<boolean> =>
  (await party.status()).queue.some((line) => line.utterance === utterance);

describe.each(["legacy", "auto"] as McpAge[])("a client of MCP (%s)", (age) => {
  test("narrates, sees how far it is before it learns who heard it, and who was not here", async () => {
    const thorin = await server.join("thorin");
    const mcp = await connectMcp(server.url, server.dmToken, { age });
    expect(mcp.client.getProtocolEra()).toBe(age === "legacy" ? "legacy" : "modern");
    expect(mcp.client.getServerVersion()).toMatchObject({ name: "bardcast", version: manifest.version });
    const progress: number[] = [];
    const onprogress = (seen: { progress: number }): void => void progress.push(seen.progress);
    const text = "The door creaks. Nobody is there. Nobody at all.";
    const { text: words, data, isError } = await mcp.call("narrate", { text }, { onprogress });
    expect(thorin.of("narrative").map(({ content }) => content)).toEqual([text]);
    expect(isError).toBe(false);
    expect(words).toMatch(/^Heard by thorin: \d\.\d s\.\nNot here: elara\.\nLine \w+\.$/);
    const [report] = data.players as { player: string; complete: boolean; heardMs: number }[];
    expect(report).toMatchObject({ player: "thorin", complete: true, heardMs: data.durationMs });
    expect(progress.length).toBeGreaterThan(1);
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
    await mcp.close();
    thorin.socket.close();
  });

  test("whispers to one player alone, and says so", async () => {
    const [thorin, elara] = [await server.join("thorin"), await server.join("elara")];
    const mcp = await connectMcp(server.url, server.dmToken, { age });
    const { text } = await mcp.call("whisper", { to: ["elara"], text: "It is a trap.", name: "Mara" });
    expect(text).toMatch(/^Heard by elara: \d\.\d s\.\nLine/);
    expect(elara.of("private").map(({ speaker, content }) => [speaker, content])).toEqual([
      ["Mara", "It is a trap."],
    ]);
    await mcp.call("narrate", { text: "Go on." });
    expect(thorin.of("narrative").map(({ content }) => content)).toContain("Go on.");
    expect(JSON.stringify(thorin.messages)).not.toContain("trap");
    await mcp.close();
    for (const { socket } of [thorin, elara]) socket.close();
  });

  test("whose token is void in the middle of a line hears of it, and says nothing more", async () => {
    const thorin = await server.join("thorin");
    const mcp = await connectMcp(server.url, await service(`bot ${age}`), { age });
    const { utterance, answer } = await begin(mcp, thorin);
    await party.guests.dismiss("service", `bot ${age}`);
    await until(() => party.open === 0);
    expect(await isUnderWay(utterance)).toBe(false);
    expect(await answer).toMatchObject({ isError: true, data: { error: { code: "unauthorized" } } });
    await expect(mcp.call("narrate", { text: "Still here?" })).rejects.toThrow();
    thorin.socket.close();
    await mcp.close();
  });
});

test("cancelling a call ends its line; a client that hangs up in the middle of one does not", async () => {
  const thorin = await server.join("thorin");
  const mcp = await connectMcp(server.url, server.dmToken);
  const cancelling = new AbortController();
  const cancelled = await begin(mcp, thorin, cancelling.signal);
  cancelling.abort("not wanted any more");
  await until(() => party.open === 0);
  expect((await party.status()).recent[0]).toMatchObject({
    utterance: cancelled.utterance,
    state: "cancelled",
  });
  const left = await begin(mcp, thorin);
  await mcp.close();
  await Bun.sleep(300);
  expect(await isUnderWay(left.utterance)).toBe(true);
  await server.silence();
  const another = await connectMcp(server.url, server.dmToken);
  const ended = await begin(another, thorin);
  await another.transport?.terminateSession();
  await Bun.sleep(300);
  expect(await isUnderWay(ended.utterance)).toBe(true);
  await another.close();
  thorin.socket.close();
});

test("since 2026-07-28 closing a call's stream is how it is cancelled: its line ends", async () => {
  const thorin = await server.join("thorin");
  const mcp = await connectMcp(server.url, server.dmToken, { age: "auto" });
  const cancelling = new AbortController();
  const { utterance } = await begin(mcp, thorin, cancelling.signal);
  cancelling.abort();
  await until(() => party.open === 0);
  expect((await party.status()).recent[0]).toMatchObject({ utterance, state: "cancelled" });
  await mcp.close();
  thorin.socket.close();
});

test("whom a narration names speaks in a voice of their own", async () => {
  const thorin = await server.join("thorin");
  const mcp = await connectMcp(server.url, server.dmToken);
  await mcp.call("narrate", { text: "It is dark.\nZoe: Who goes there?", cast: "from text" });
  const said = engine.asked.map((text, index) => [text, engine.voices[index]?.voiceId]);
  const [dark, zoe] = ["It is dark.", "Who goes there?"].map(
    (text) => said.find(([asked]) => asked === text)?.[1],
  );
  expect(zoe).toBeString();
  expect(zoe).not.toBe(dark);
  await mcp.close();
  thorin.socket.close();
});

test("who does not wait is told how far it is, and later who heard it; stop ends all", async () => {
  const thorin = await server.join("thorin");
  const mcp = await connectMcp(server.url, server.dmToken);
  const begun = await mcp.call("narrate", { text: LONG, wait: 0 });
  expect(begun.data.state).not.toBe("done");
  expect(begun.text).toContain(`Line ${begun.data.utterance}: what_became_of tells`);
  const alone = await mcp.call("npc_say", { name: "Mara", text: LONG, to: ["elara"], wait: 0 });
  expect(alone.text).toMatch(/Nobody (is|was) here to hear it\./);
  const { data } = await mcp.call("stop");
  expect(data.ended).toContain(begun.data.utterance);
  const { text } = await mcp.call("what_became_of", { line: begun.data.utterance });
  expect(text).toStartWith("Stopped before its end.\n");
  await mcp.close();
  thorin.socket.close();
});

test("the DM is told who is here, what was said, what players say, and decides how a character sounds", async () => {
  const thorin = await server.join("thorin");
  const mcp = await connectMcp(server.url, server.dmToken);
  party.answers.take("thorin", { kind: "text", text: "I hide.", private: true });
  party.answers.take("thorin", { kind: "hand", raised: true, private: false });
  expect((await mcp.call("list_players")).text).toBe("thorin: here, raises a hand\nelara: not here");
  expect((await mcp.call("what_players_said")).text).toMatch(
    /thorin raises a hand\. Id \w+\.\n.*thorin says "I hide\." \(to the game master alone\)\. Id/,
  );
  await mcp.call("npc_say", { name: "Grok", text: "Hm.", race: "half-orc", gender: "male" });
  const before = party.characters.get("Grok");
  const set = await mcp.call("set_npc_voice", { name: "Grok", notes: "Owes 30 gp.", voice: { pitch: -5 } });
  expect(set.text).toMatch(/^Grok, male half-orc: .*pitch -5\)\. Notes: Owes 30 gp\.$/);
  expect(party.characters.get("Grok").speaksWith).toEqual({ ...before.speaksWith, pitch: -5 });
  await mcp.call("set_npc_voice", { name: "Grok", voice: { speed: 0.8 } });
  expect(party.characters.get("Grok")).toMatchObject({
    race: "half-orc",
    notes: "Owes 30 gp.",
    voice: { pitch: -5, speed: 0.8 },
  });
  expect((await mcp.call("list_voices")).text).toContain("Speakers: dm, combat, Grok");
  const made = await mcp.call("prepare", { text: "Roll for initiative!", name: "Grok" });
  expect(made.text).toBe("1 of 1 sentences are ready to be said.");
  expect(engine.asked).toContain("Roll for initiative!");
  const log = await mcp.call("what_was_said", { limit: 1 });
  expect(log.text).toMatch(/^Grok to all: "Hm\." \(done\)\. Heard by thorin: /);
  const { contents } = await mcp.client.readResource({ uri: "bardcast://log" });
  expect(contents[0]).toMatchObject({ text: expect.stringContaining("Grok to all") });
  const cast = await mcp.client.readResource({ uri: "bardcast://cast" });
  expect(cast.contents[0]).toMatchObject({
    text: expect.stringContaining("Grok, male half-orc: speaks with"),
  });
  await mcp.close();
  thorin.socket.close();
});

test("a service speaks and ends what it said itself; it is offered no more, and sees nothing of what others say", async () => {
  const thorin = await server.join("thorin");
  const mcp = await connectMcp(server.url, await service("gate"));
  const names = ["narrate", "npc_say", "whisper", "what_became_of", "stop", "prepare", "list_voices"];
  expect(await mcp.toolNames()).toEqual(names);
  expect(mcp.client.getServerCapabilities()?.resources).toBeUndefined();
  expect((await mcp.call("narrate", { text: "Creak." })).text).toMatch(/^Heard by thorin/);
  const own = await mcp.call("narrate", { text: LONG, wait: 0 });
  const others = party.speak({ text: "A secret.", to: ["thorin"] });
  for (const name of ["what_became_of", "stop"]) {
    const refused = await mcp.call(name, { line: others.id });
    expect([refused.isError, refused.text]).toEqual([true, expect.stringMatching(/^unknown-utterance: /)]);
  }
  expect((await mcp.call("list_voices")).data.characters).toBeUndefined();
  expect((await mcp.call("stop")).data.ended).toEqual([own.data.utterance]);
  others.cancel();
  await mcp.close();
  thorin.socket.close();
});

test("what the table refuses is told by its code, with what to do next", async () => {
  const mcp = await connectMcp(server.url, server.dmToken);
  const refused = await mcp.call("whisper", { to: ["gandalf"], text: "Psst." });
  expect(refused).toEqual({
    isError: true,
    text: "unknown-player: nobody here is called gandalf; seated: thorin, elara. Name only players who have a seat.",
    data: { error: { code: "unknown-player", message: expect.any(String), retryable: false } },
  });
  expect((await mcp.call("whisper", { to: [], text: "Psst." })).text).toStartWith("bad-request: to: ");
  expect((await mcp.call("narrate", { text: "x".repeat(30_000) })).text).toMatch(
    /^text-too-long: .*several lines\.$/,
  );
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('bardcast_errors_total{code="unknown-player",over="mcp"} 1');
  const [, requests] = /^bardcast_door_requests_total\{door="mcp"\} (\d+)$/m.exec(metrics) ?? [];
  expect(Number(requests)).toBeGreaterThan(10);
  await mcp.close();
});

describe("at the door", () => {
  const status = async (headers: Record<string, string>, body?: object): Promise<number> =>
    (await post(headers, body)).status;

  test("a token is needed, of somebody who may speak", async () => {
    const missing = await post({});
    expect([missing.status, missing.headers.get("WWW-Authenticate")]).toEqual([401, "Bearer"]);
    expect(await status({ Authorization: "Bearer wrong" })).toBe(401);
    const player = await party.tokens.issue("thorin");
    const { token: observer } = await party.guests.invite("observer", "stream");
    for (const token of [player, observer])
      expect(await status({ Authorization: `Bearer ${token}` }, initialize)).toBe(403);
    // In an address others would see it.
    expect((await fetch(`${server.url}/mcp?token=${server.dmToken}`)).status).toBe(401);
  });

  test("pages come in only from the table's own address, and not where its name may be somebody else's", async () => {
    const { port, origin } = new URL(server.url);
    expect(await status({ ...dm, Origin: origin }, initialize)).toBe(200);
    expect(await status({ ...dm, Origin: "https://evil.example" }, initialize)).toBe(403);
    expect(await status({ ...dm, Origin: "null" }, initialize)).toBe(403);
    // A page of evil.example, which lets its own name lead to this machine.
    const rebound = { Origin: `http://evil.example:${port}`, Host: `evil.example:${port}` };
    expect(await status({ ...dm, ...rebound }, initialize)).toBe(403);
    expect(await status({ ...dm, Host: `table.local:${port}` }, initialize)).toBe(200);
  });

  test("pages that were named come in, too, and under the table's public name", async () => {
    const named = await startServer({
      engines: [new ToneEngine()],
      allowOrigins: ["https://site.example"],
      publicUrl: "https://party.example",
    });
    const ask = async (headers: Record<string, string>): Promise<number> => {
      const own = {
        ...headers,
        Authorization: `Bearer ${named.dmToken}`,
        "Content-Type": "application/json",
      };
      const init = { method: "POST", headers: { Accept: "application/json, text/event-stream", ...own } };
      return (await fetch(`${named.url}/mcp`, { ...init, body: JSON.stringify(initialize) })).status;
    };
    expect(await ask({ Origin: "https://site.example" })).toBe(200);
    expect(await ask({ Origin: "https://party.example", Host: "party.example" })).toBe(200);
    expect(await ask({ Origin: "https://other.example" })).toBe(403);
  });

  test("a message is bounded, and is JSON", async () => {
    const large = await post(dm, { ...initialize, more: "x".repeat(300_000) });
    expect([large.status, (await large.json()).error.code]).toEqual([413, "payload-too-large"]);
    const headers = { ...dm, "Content-Type": "application/json" };
    expect((await fetch(`${server.url}/mcp`, { method: "POST", headers, body: "{" })).status).toBe(400);
  });

  test("a session is its beginner's; of nine of one person the quietest is over, and nobody else's", async () => {
    const begin = async (token: string): Promise<string> => {
      const begun = await post({ Authorization: `Bearer ${token}` }, initialize);
      await begun.text();
      return begun.headers.get("Mcp-Session-Id") ?? "";
    };
    const [one, two] = [await service("one"), await service("two")];
    const ask = (token: string, session: string): Promise<number> =>
      status({ Authorization: `Bearer ${token}`, "Mcp-Session-Id": session });
    const others = await begin(two);
    const own: string[] = [];
    for (let i = 0; i < 8; i++) own.push(await begin(one));
    expect(await ask(one, others)).toBe(404);
    expect(await ask(one, own[0] ?? "")).toBe(200);
    own.push(await begin(one));
    expect(await Promise.all([0, 1, 2, 8].map((index) => ask(one, own[index] ?? "")))).toEqual([
      200, 404, 200, 200,
    ]);
    expect(await ask(two, others)).toBe(200);
    expect(await status({ Authorization: `Bearer ${one}` })).toBe(400);
  });
});

test("a session whose right was lost is over: what it listened on ends", async () => {
  const headers = { Authorization: `Bearer ${await service("lost")}`, Accept: "text/event-stream" };
  const begun = await post({ ...headers, Accept: "application/json, text/event-stream" }, initialize);
  await begun.text();
  const session = { ...headers, "Mcp-Session-Id": begun.headers.get("Mcp-Session-Id") ?? "" };
  // Bun sends nothing of an answer before there is something in it.
  const listening = fetch(`${server.url}/mcp`, { headers: session });
  expect(await Promise.race([listening, Bun.sleep(300)])).toBeUndefined();
  await party.guests.dismiss("service", "lost");
  const { status, body } = await listening;
  expect([status, await new Response(body).text()]).toEqual([200, ""]);
});

test("a table that closes ends its sessions, and does not wait for them", async () => {
  const other = await startServer({ engines: [new ToneEngine()] });
  const mcp = await connectMcp(other.url, other.dmToken);
  const { promise, resolve } = Promise.withResolvers<void>();
  await mcp.client.ping();
  mcp.client.onerror = () => resolve();
  await other.party.close();
  await promise;
  await expect(mcp.client.ping()).rejects.toThrow();
  await mcp.close();
});

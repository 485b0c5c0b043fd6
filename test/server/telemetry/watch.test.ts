import { expect, test } from "bun:test";
import { Dm20Client, startServer, type TestServer } from "../../support/server.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";
import { V2SocketClient } from "../../support/v2-socket-client.ts";

async function scrape({ url }: TestServer): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** The value of one sample, as it stands in a scrape. */
function sample(text: string, name: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`bardcast_${name} `));
  return line === undefined ? undefined : Number(line.split(" ")[1]);
}

test("a scrape is of the exposition format, has help and type for every metric, and names nobody", async () => {
  const server = await startServer({ engines: [new ToneEngine()] });
  const thorin = await server.join("thorin");
  await server.speak({ text: "The dragon roars!", to: ["thorin"], npc: { name: "mara" } });
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get("Content-Type")).toStartWith("text/plain; version=0.0.4");
  const text = await response.text();
  const names = new Set([...text.matchAll(/^(\w+)(?:\{.*\})? [\d.e+-]+$/gm)].map(([, name]) => name));
  expect(names.size).toBeGreaterThan(40);
  for (const name of names) {
    const family = name?.replace(/_(?:bucket|sum|count)$/, "");
    expect(text, name).toMatch(new RegExp(`^# HELP (?:${name}|${family}) .`, "m"));
    expect(text, name).toMatch(new RegExp(`^# TYPE (?:${name}|${family}) (?:gauge|counter|histogram)$`, "m"));
  }
  expect(text).not.toMatch(/dragon|thorin|elara|mara/);
  thorin.socket.close();
});

test("what an utterance took is in histograms, by the engine that spoke it", async () => {
  const server = await startServer({ engines: [new ToneEngine()], cache: false });
  const thorin = await server.join("thorin");
  await server.speak({ text: "One. Two.", to: ["thorin"] });
  const text = await scrape(server);
  expect(sample(text, "first_audio_seconds_count")).toBe(1);
  expect(sample(text, 'synthesis_seconds_count{engine="tone"}')).toBe(2);
  expect(sample(text, 'real_time_factor_count{engine="tone"}')).toBe(2);
  expect(sample(text, 'engine_audio_seconds_total{engine="tone"}')).toBeGreaterThan(0);
  thorin.socket.close();
});

test("what clients report, which quality they get and which errors they are told is counted", async () => {
  const server = await startServer({ engines: [new ToneEngine()] });
  const client = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue("thorin")}`);
  await until(() => client.socket.readyState === WebSocket.OPEN);
  await client.greet({ codecs: ["pcm16"] });
  const { utterance } = await (await server.speak({ text: "Hark!" }, { Prefer: "respond-async" })).json();
  await until(() => client.isOver(utterance));
  client.say({ type: "nonsense-is-passed-over" });
  client.say({
    type: "heard",
    utterance,
    heardMs: 3,
    state: "playing",
    underruns: 2,
    skewMs: -40,
    ended: true,
  });
  client.say({ type: "speak", text: "I am no DM." });
  await until(() => client.of("error").length === 1);
  await until(() => server.party.streams.utterances.length === 0);
  const text = await scrape(server);
  expect(sample(text, 'client_reports_total{state="playing"}')).toBe(1);
  expect(sample(text, "client_underruns_total")).toBe(2);
  expect(sample(text, "client_skew_seconds_sum")).toBe(0.04);
  expect(sample(text, 'connections_by_quality{quality="full"}')).toBe(1);
  expect(sample(text, 'errors_total{code="forbidden",over="socket"}')).toBe(1);
  await server.speak({ text: "" });
  expect(sample(await scrape(server), 'errors_total{code="text-empty",over="http"}')).toBe(1);
  client.socket.close();
});

test("a limit that was never reached is 0, and counts each time it is", async () => {
  const door = { player: { perSecond: 1, burst: 20 } };
  const engine = new ToneEngine();
  const release = engine.hold("First.");
  const server = await startServer({ engines: [engine], maxLines: 1, door });
  const limits = async (limit: string): Promise<number | undefined> =>
    sample(await scrape(server), `limits_reached_total{limit="${limit}"}`);
  expect([await limits("utterances"), await limits("player_budget")]).toEqual([0, 0]);
  const thorin = await server.join("thorin");
  const async = { Prefer: "respond-async" };
  const statuses = [];
  for (const text of ["First.", "Second.", "Third."])
    statuses.push((await server.speak({ text }, async)).status);
  expect(statuses).toEqual([202, 503, 503]);
  release();
  thorin.socket.send('{"type":"heartbeat"}');
  await thorin.until("error", 1);
  expect([await limits("utterances"), await limits("player_budget")]).toEqual([2, 1]);
  thorin.socket.close();
});

test("two tables in one process count apart", async () => {
  const [one, other] = [
    await startServer({ engines: [new ToneEngine()] }),
    await startServer({ engines: [new ToneEngine()] }),
  ];
  const thorin = await one.join("thorin");
  await one.speak({ text: "Here." });
  const count = async (server: TestServer): Promise<number | undefined> =>
    sample(await scrape(server), "first_audio_seconds_count");
  expect([await count(one), await count(other)]).toEqual([1, 0]);
  thorin.socket.close();
});

test("health is ok, and degraded with 200 where no engine speaks; readiness does not depend on speech", async () => {
  const engine = new ToneEngine({ failsOn: () => true });
  const server = await startServer({ engines: [engine], health: { maxFailures: 1 } });
  const health = async (): Promise<[number, unknown]> => {
    const response = await fetch(`${server.url}/healthz`);
    return [response.status, await response.json()];
  };
  expect(await health()).toEqual([200, { ok: true, party: "table", status: "ok", problems: [] }]);
  const thorin = await server.join("thorin");
  await server.speak({ text: "Nothing." });
  expect(await health()).toMatchObject([
    200,
    { ok: true, status: "degraded", problems: [{ code: "no-engine" }] },
  ]);
  const ready = await fetch(`${server.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ok: true, party: "table" }]);
  thorin.socket.close();
});

test("a campaign's folder that takes nothing degrades the table, and a closing table is neither well nor ready", async () => {
  const campaignDir = "/proc/bardcast";
  const server = await startServer({ engines: [new ToneEngine()], campaignDir });
  expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({
    status: "degraded",
    problems: [{ code: "store-not-writable" }],
  });
  const closing = server.party.streams.close(2_000);
  for (const path of ["healthz", "readyz"]) expect((await fetch(`${server.url}/${path}`)).status).toBe(503);
  await closing;
});

test("a device and a socket too many are each counted by the limit they ran into", async () => {
  const server = await startServer({
    engines: [new ToneEngine()],
    connections: { connectionsPerPlayer: 1 },
    connectionsPerAddress: 2,
    trustProxy: false,
  });
  const limits = async (): Promise<(number | undefined)[]> => {
    const text = await scrape(server);
    const names = ["connections_per_player", "connections_per_address"];
    return names.map((limit) => sample(text, `limits_reached_total{limit="${limit}"}`));
  };
  expect(await limits()).toEqual([0, 0]);
  const thorin = await server.join("thorin");
  const second = new Dm20Client(`${server.url}/ws?token=${await server.party.tokens.issue("thorin")}`);
  await until(() => second.closed !== undefined);
  expect(await limits()).toEqual([1, 0]);
  const elara = await server.join("elara");
  expect((await fetch(`${server.url}/play`)).status).toBe(503);
  expect(await limits()).toEqual([1, 1]);
  for (const { socket } of [thorin, elara]) socket.close();
});

test("a client that claims to have run dry more often than there were packets is not believed", async () => {
  const server = await startServer({ engines: [new ToneEngine()] });
  const client = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue("thorin")}`);
  await until(() => client.socket.readyState === WebSocket.OPEN);
  await client.greet({ codecs: ["pcm16"] });
  const { utterance } = await (await server.speak({ text: "Hark!" }, { Prefer: "respond-async" })).json();
  await until(() => client.isOver(utterance));
  const state = "playing";
  const underruns = Number.MAX_SAFE_INTEGER;
  client.say({ type: "heard", utterance, heardMs: 1e308, state, underruns, ended: true });
  await until(() => server.party.streams.log.recent.length > 0);
  const [{ report }] = (await (await server.call("/status")).json()).recent;
  expect(report.players[0].underruns).toBeLessThanOrEqual(Math.ceil(report.durationMs / 20));
  expect(sample(await scrape(server), "client_underruns_total")).toBe(report.players[0].underruns);
  client.socket.close();
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WAV_HEADER_BYTES } from "../../src/core/dsp/wav.ts";
import type { Invite } from "../../src/core/protocol/api.ts";
import { serve } from "../../src/server/bun.ts";
import { startServer, TestServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-desk-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const engine = new ToneEngine();
const server = await startServer({ engines: [engine] });

const post = (body: unknown, method = "POST"): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

test("a line heard first is its sound and nothing else: nobody at the table gets any of it", async () => {
  const thorin = await server.join("thorin");
  const response = await server.call("/preview", post({ text: "Psst. [pause 1s] Who is there?" }));
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "audio/wav"]);
  const wav = await response.bytes();
  expect(Buffer.from(wav.subarray(0, 4)).toString()).toBe("RIFF");
  // The pause alone is a second of 24 kHz and two bytes a sample.
  expect(wav.length - WAV_HEADER_BYTES).toBeGreaterThan(48_000);
  expect(engine.asked).toEqual(["Psst.", "Who is there?"]);
  const { queue, recent } = await server.party.status();
  expect([queue, recent]).toEqual([[], []]);
  await server.speak({ text: "Said.", to: ["thorin"] });
  expect(thorin.messages.filter(({ type }) => type === "narrative" || type === "private")).toHaveLength(1);
});

test("a line of which nothing is spoken, and who is no game master, hear nothing first", async () => {
  const silent = await server.call("/preview", post({ text: "[The door creaks]" }));
  expect([silent.status, (await silent.json()).error.code]).toEqual([400, "text-empty"]);
  const headers = { Authorization: `Bearer ${await server.party.tokens.issue("thorin")}` };
  const theirs = await server.call("/preview", { ...post({ text: "Hush." }), headers });
  expect(theirs.status).toBe(403);
});

test("prepared lines are there after a restart, in their order; what is none is refused", async () => {
  const open = async (): Promise<[TestServer, () => Promise<void>]> => {
    const own = await serve({ port: 0, host: "127.0.0.1", campaignDir: home, engines: [engine] });
    return [new TestServer(own, await own.party.tokens.issueDm()), () => own.close()];
  };
  const lines = [
    { id: "b", group: "At the inn", line: { text: "Drink up.", to: "all", npc: { name: "Mara" } } },
    { id: "a", group: "", line: { text: "Run!", to: ["thorin"], context: "combat" } },
  ];
  const [before, end] = await open();
  expect(await (await before.call("/lines", post({ lines }, "PUT"))).json()).toEqual({ lines, kept: true });
  const bad = await before.call("/lines", post({ lines: [{ id: "c", line: {} }] }, "PUT"));
  expect(bad.status).toBe(400);
  await end();
  const [after, endAfter] = await open();
  expect(await (await after.call("/lines")).json()).toEqual({ lines });
  await endAfter();
});

test("two players whose names differ only in case are one", async () => {
  const invited = await server.call("/players", post({ id: "ELARA" }));
  expect(((await invited.json()) as Invite).id).toBe("elara");
  expect(server.party.players).toEqual(["thorin", "elara"]);
});

test("a draft or a line that is nested deeper than can be kept is refused", async () => {
  const nested = JSON.parse(`${"[".repeat(1_000)}${"]".repeat(1_000)}`);
  const lines = [{ id: "1", group: "", line: { text: "Hm.", voice: { nested } } }];
  for (const [path, body] of [
    ["/draft", { nested }],
    ["/lines", { lines }],
  ] as const)
    expect((await server.call(path, { method: "PUT", body: JSON.stringify(body) })).status).toBe(400);
});

test("lines that wait are told in the order in which they are begun, and change it; what is on its way does not", async () => {
  const slow = await startServer({ engines: [new ToneEngine({ samplesPerChar: 1_500 })] });
  const thorin = new V2SocketClient(`${slow.url}/ws?token=${await slow.party.tokens.issue("thorin")}`);
  await thorin.greet({ codecs: ["pcm16"] });
  const say = async (line: object): Promise<string> => {
    const headers = { "Content-Type": "application/json", Prefer: "respond-async" };
    return (await (await slow.call("/speak", { ...post(line), headers })).json()).utterance;
  };
  const first = await say({ text: "It takes a very long time to tell. ".repeat(10) });
  await until(() => thorin.frames.length > 0);
  const [one, two, psst] = [
    await say({ text: "One." }),
    await say({ text: "Two.", context: "combat" }),
    await say({ text: "Psst.", to: ["thorin"] }),
  ];
  const queue = async (): Promise<unknown[]> =>
    (await slow.party.status()).queue.map(({ utterance, movable }) => [utterance, movable ?? false]);
  expect(await queue()).toEqual([
    [first, false],
    [two, true],
    [one, true],
    [psst, true],
  ]);
  const move = async (id: string, before: unknown, given = {}): Promise<unknown[]> => {
    const answer = await slow.call(`/speak/${id}`, { ...post({ before }, "PATCH"), ...given });
    const body = await answer.json();
    return [answer.status, body.waiting ?? body.error.code];
  };
  expect(await move(psst, two)).toEqual([200, [psst, two, one]]);
  expect(await move(two, null)).toEqual([200, [psst, one, two]]);
  expect(await queue()).toEqual([
    [first, false],
    [psst, true],
    [one, true],
    [two, true],
  ]);
  expect(await move(one, first)).toEqual([409, "too-late"]);
  expect(await move(first, null)).toEqual([409, "too-late"]);
  expect(await move("nobody", null)).toEqual([404, "unknown-utterance"]);
  expect(await move(one, 7)).toEqual([400, "bad-request"]);
  const headers = { Authorization: `Bearer ${await slow.party.tokens.issue("thorin")}` };
  expect(await move(one, null, { headers })).toEqual([403, "forbidden"]);
  // All at once, so that nothing of what waits is begun: what is being heard goes last.
  const said = await say({ text: "Stop!", interrupt: true });
  const { cancelled } = await (await slow.call("/speak", { method: "DELETE" })).json();
  expect(cancelled).toHaveLength(5);
  await until(() => thorin.of("speech.cancel").length === 5);
  const order = thorin.of("speech.cancel").map(({ utterance }) => utterance);
  expect([order.at(0), order.at(-1)]).toEqual([first, said]);
  expect(order.slice(1, -1)).toEqual([two, one, psst]);
  await slow.silence();
});

import { expect, test } from "bun:test";
import { randomId } from "../../src/core/id.ts";
import { connectMcp } from "../support/mcp-client.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const apiKey = randomId();
const logged: string[] = [];
const log = (line: string): void => void logged.push(line);
const server = await startServer({ engines: [new ToneEngine()], cache: false, apiKey, log });

function ask(
  path: string,
  { key = apiKey, ...init }: RequestInit & { key?: string } = {},
): Promise<Response> {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  return fetch(`${server.url}${path}`, { ...init, headers });
}
const post = (path: string, body: object): Promise<Response> =>
  ask(path, { method: "POST", body: JSON.stringify(body) });

test("with the key a program has speech, speaks at the table, and sees what became of that", async () => {
  expect((await post("/v1/audio/speech", { input: "Hm.", response_format: "wav" })).status).toBe(200);
  const said = await post("/api/speak", { text: "Creak." });
  expect(said.status).toBe(200);
  const { utterance } = (await said.json()) as { utterance: string };
  expect((await ask(`/api/speak/${utterance}`)).status).toBe(200);
  const mcp = await connectMcp(server.url, apiKey);
  expect((await mcp.client.listTools()).tools.map(({ name }) => name)).not.toContain("what_was_said");
  await mcp.close();
});

test("it opens nothing that is the DM's, and is nobody's but its own", async () => {
  for (const path of ["/api/status", "/api/log", "/api/characters", "/api/guests"])
    expect((await ask(path)).status).toBe(403);
  for (const key of [apiKey.slice(1), `${apiKey}x`, apiKey.toUpperCase(), "service:(API key)"])
    expect((await ask("/v1/models", { key })).status).toBe(401);
  // Nobody is invited under its name.
  expect(
    (
      await server.call("/guests", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ role: "service", name: "(API key)" }),
      })
    ).status,
  ).toBe(400);
});

test("no answer, log or metric has it in it", async () => {
  const texts = [
    ...(await Promise.all(
      ["/api/status", "/api/guests"].map(async (path) => (await server.call(path.slice(4))).text()),
    )),
    await (await fetch(`${server.url}/metrics`)).text(),
    await (await ask("/api/status")).text(),
    ...logged,
  ];
  for (const text of texts) expect(text).not.toContain(apiKey);
});

test("a table without one takes none", async () => {
  const other = await startServer({ engines: [new ToneEngine()] });
  const headers = { Authorization: `Bearer ${apiKey}` };
  expect((await fetch(`${other.url}/v1/models`, { headers })).status).toBe(401);
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { ServerProcess } from "../runtime/server-process.ts";
import { McpConnection } from "../support/mcp-client.ts";
import { ROOT } from "../support/run.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const campaign = mkdtempSync(join(tmpdir(), "bardcast-mcp-"));
const MAIN = `${ROOT}/src/cli/main.ts`;
const PLACE = ["--port", "0", "--host", "127.0.0.1", "--campaign", campaign];

const server = await ServerProcess.start([process.execPath, MAIN, "--json", ...PLACE], ROOT);
const thorin = await server.join("thorin");
afterAll(async () => {
  server.stop();
  await server.exited;
  rmSync(campaign, { recursive: true });
});

/** `bardcast mcp`, started as a language model's program starts it. */
async function start(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ mcp: McpConnection; pid: number; stderr: () => string }> {
  const params = { command: process.execPath, args: [MAIN, "mcp", ...args], env, stderr: "pipe" as const };
  const transport = new StdioClientTransport(params);
  let stderr = "";
  transport.stderr?.on("data", (part) => {
    stderr += part;
  });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  return { mcp: new McpConnection(client), pid: transport.pid ?? 0, stderr: () => stderr };
}

/** What the game master of the page does, in this order. */
const EVENING: [tool: string, args: Record<string, unknown>][] = [
  ["list_players", {}],
  ["narrate", { text: "The door of the inn flies open." }],
  ["npc_say", { name: "Mara", race: "elf", gender: "female", text: "They are coming!" }],
  ["whisper", { to: ["thorin"], text: "She betrayed you once." }],
  ["what_players_said", { limit: 1 }],
  ["set_npc_voice", { name: "Mara", voice: { speed: 0.9 }, notes: "Betrayed thorin." }],
  ["npc_say", { name: "Mara", text: "Not there!", to: ["elara"] }],
  ["whisper", { to: ["gandalf"], text: "Where are you?" }],
  ["what_was_said", { limit: 2 }],
];

/** The same for two evenings: ids, the hour and what depends on a voice are not compared. */
function alike(transcript: string): string {
  return transcript
    .replace(/\b[0-9a-f]{32}\b/g, "ID")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "NOW")
    .replace(/\d+\.\d s/g, "N s")
    .replace(/speaks with .*?\)/g, "speaks with a voice");
}

test("a game master that is a language model runs an evening, as docs/mcp.md tells it", async () => {
  const { mcp, stderr } = await start(["--campaign", campaign]);
  const answer = { kind: "text", text: "I hide behind the bar.", private: true };
  const headers = { Authorization: `Bearer ${server.token("thorin")}`, "Content-Type": "application/json" };
  await server.get("/api/answers", { method: "POST", headers, body: JSON.stringify(answer) });
  const told: string[] = [];
  for (const [tool, args] of EVENING) {
    const { text } = await mcp.call(tool, args);
    told.push(`> ${tool} ${JSON.stringify(args)}`, text);
  }
  const page = await Bun.file(`${ROOT}/docs/mcp.md`).text();
  const [, shown = ""] = /^```transcript\n(.*?)^```$/ms.exec(page) ?? [];
  // What it is now, for whoever changes it.
  if (alike(shown) !== alike(`${told.join("\n")}\n`)) console.log(told.join("\n"));
  expect(alike(shown)).toBe(alike(`${told.join("\n")}\n`));
  expect(thorin.of("narrative").map(({ content }) => content)).toEqual([
    EVENING[1]?.[1].text,
    EVENING[2]?.[1].text,
  ]);
  expect(thorin.of("private").map(({ content }) => content)).toEqual([EVENING[3]?.[1].text]);
  expect(JSON.stringify(thorin.messages)).not.toContain("Not there!");
  await mcp.close();
  expect(stderr()).toBe("");
});

test("the tools over stdio are those over HTTP, and so is progress", async () => {
  const { mcp } = await start(["--url", server.line.url], { BARDCAST_DM_TOKEN: server.line.dm.token });
  const progress: (number | undefined)[] = [];
  const onprogress = (seen: { progress: number }): void => void progress.push(seen.progress);
  const text = "The dragon roars!";
  const { text: words } = await mcp.call("narrate", { text }, { onprogress });
  expect(words).toStartWith("Heard by thorin: ");
  expect(progress.length).toBeGreaterThan(2);
  expect(progress[0]).toBe(0);
  expect(await mcp.toolNames()).toContain("what_players_said");
  await mcp.close();
});

test("with a service's token it offers what a service may do", async () => {
  const body = JSON.stringify({ role: "service", name: "model" });
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  const { token } = await (await server.call("/guests", init)).json();
  const { mcp } = await start(["--url", server.line.url], { BARDCAST_DM_TOKEN: token });
  expect(await mcp.toolNames()).not.toContain("what_was_said");
  expect((await mcp.call("narrate", { text: "Creak." })).text).toStartWith("Heard by thorin: ");
  await mcp.close();
});

test("a call that is cancelled ends its line; where its host ends in the middle of one, the line goes on", async () => {
  const text = "Far away it thunders. ".repeat(40);
  const inQueue = async (): Promise<boolean> => {
    const { queue } = await (await server.call("/status")).json();
    return queue.some((line: { text: string }) => line.text.startsWith("Far away"));
  };
  const clips = (count: number): Promise<void> => until(() => thorin.clips.length >= count);
  const first = await start(["--campaign", campaign]);
  const cancelling = new AbortController();
  const heard = thorin.clips.length;
  const call = first.mcp.call("narrate", { text }, { signal: cancelling.signal }).catch(() => undefined);
  await clips(heard + 1);
  cancelling.abort();
  await call;
  while (await inQueue()) await Bun.sleep(10);
  const again = thorin.clips.length;
  first.mcp.call("narrate", { text }).catch(() => undefined);
  await clips(again + 1);
  await first.mcp.close();
  expect(() => process.kill(first.pid, 0)).toThrow();
  await Bun.sleep(300);
  expect(await inQueue()).toBe(true);
  await server.quiet();
});

test("where no table runs, the model is told how to get one; a table that is started later is found", async () => {
  const later = mkdtempSync(join(tmpdir(), "bardcast-mcp-later-"));
  const { mcp, stderr } = await start(["--campaign", later]);
  const lost = await mcp.call("narrate", { text: "Hello?" });
  expect([lost.isError, lost.text]).toEqual([
    true,
    expect.stringMatching(/^not-found: no table runs in .*: start one/),
  ]);
  expect(stderr()).toStartWith("For now there is nobody to speak to: no table runs in ");
  const { url, dmToken: token } = await startServer({ engines: [new ToneEngine()], players: ["pip"] });
  await Bun.write(join(later, "table.json"), JSON.stringify({ url, token, pid: process.pid }));
  expect((await mcp.call("list_players")).text).toBe("pip: not here");
  await mcp.close();
  rmSync(later, { recursive: true });
});

import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/run.ts";

/** What is in the campaign's folder after a line was prepared and the server was stopped. */
async function left(...flags: string[]): Promise<string[]> {
  const campaign = await mkdtemp(join(tmpdir(), "bardcast-no-cache-"));
  const args = ["--port", "0", "--host", "127.0.0.1", "--campaign", campaign, "--json", ...flags];
  const server = Bun.spawn([process.execPath, `${ROOT}/src/cli/main.ts`, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { value } = await server.stdout.getReader().read();
  const { url, dm } = JSON.parse(new TextDecoder().decode(value));
  const headers = { Authorization: `Bearer ${dm.token}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ text: "The bell tolls." });
  const answer = await fetch(`${url}/api/prepare`, { method: "POST", headers, body });
  expect(await answer.json()).toEqual({ sentences: 1, cached: 1 });
  server.kill("SIGTERM");
  expect(await server.exited).toBe(0);
  const files = await readdir(campaign);
  await rm(campaign, { recursive: true });
  return files.sort();
}

test("speech, and what was said, are kept in the campaign's folder, unless whoever starts the server says no", async () => {
  const kept = ["state.json", "voice_registry.yaml"];
  expect(await left()).toEqual(["cache", "journal.jsonl", ...kept]);
  expect(await left("--no-cache")).toEqual(["journal.jsonl", ...kept]);
  expect(await left("--no-journal")).toEqual(["cache", ...kept]);
}, 30_000);

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PartyStatus, RecentUtterance } from "../../src/core/protocol/api.ts";
import { ServerProcess } from "../runtime/server-process.ts";
import { LoudPhone } from "../support/loud-phone.ts";
import { ROOT } from "../support/run.ts";
import { until } from "../support/table.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-still-heard-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function start(port: number): Promise<ServerProcess> {
  const main = [process.execPath, `${ROOT}/src/cli/main.ts`, "--json", "--host", "127.0.0.1"];
  return ServerProcess.start([...main, "--campaign", home, "--port", `${port}`], ROOT);
}

async function statusOf(server: ServerProcess): Promise<PartyStatus> {
  return (await server.call("/status")).json();
}

async function reportOf(server: ServerProcess, line: string): Promise<RecentUtterance> {
  for (;;) {
    const found = (await statusOf(server)).recent.find(({ utterance }) => utterance === line);
    if (found) return found;
    await Bun.sleep(50);
  }
}

const LINE =
  "The dragon sleeps upon a hill of gold, and dreams of fire and of the sea. Nobody has seen it for a hundred years.";

test("killed in mid-line: what listeners play to its end is reported as heard, and the next line behind it, too", async () => {
  const before = await start(0);
  const port = Number(new URL(before.line.url).port);
  const url = before.socketUrl("thorin");
  using phone = new LoudPhone({ url });
  let old = await before.join("pip");
  await until(() => phone.client.state.name === "open");
  const { utterance: line } = await (await before.speak({ text: LINE }, { Prefer: "respond-async" })).json();
  await until(() => readFileSync(join(home, "journal.jsonl"), "utf8").split('"is":"made"').length > 2);
  await until(() => phone.reports.some(({ heardMs }) => heardMs > 0));
  await before[Symbol.asyncDispose]();

  const after = await start(port);
  try {
    old = await after.join("pip");
    await until(() => phone.client.state.name === "open");
    const next = await (await after.speak({ text: "It wakes." }, { Prefer: "respond-async" })).json();
    const heard = await reportOf(after, line);
    expect(phone.lastOf(line)).toMatchObject({ ended: true, state: "playing" });
    expect(heard.state).toBe("done");
    const { delivered, durationMs, problems, players } = heard.report;
    expect([delivered, problems]).toEqual([true, []]);
    const byName = Object.fromEntries(players.map((player) => [player.player, player]));
    const { heardMs = 0 } = phone.lastOf(line) ?? {};
    expect(byName.thorin).toMatchObject({
      complete: true,
      heardMs: Math.round(Math.min(heardMs, durationMs)),
    });
    expect(byName.pip).toMatchObject({ complete: true, heardMs: Math.round(durationMs) });

    const behind = await reportOf(after, next.utterance);
    expect(behind.report.players.map(({ player, complete }) => [player, complete]).sort()).toEqual([
      ["pip", true],
      ["thorin", true],
    ]);
    const order = phone.reports.filter(({ ended }) => ended).map(({ utterance }) => utterance);
    expect(order).toEqual([line, next.utterance]);
    // What became of it is kept.
    expect(readFileSync(join(home, "journal.jsonl"), "utf8")).toContain('"state":"done"');
  } finally {
    old.socket.close();
    await after[Symbol.asyncDispose]();
  }
}, 60_000);

import { expect, mock, spyOn, test } from "bun:test";
import type { ListenerState } from "../../src/core/protocol/presence.ts";
import { UtteranceJournal } from "../../src/party/speaking/utterance-journal.ts";
import { StoreHealth } from "../../src/party/storage/store-health.ts";
import { MemoryFiles } from "../support/memory-files.ts";
import { setTable, type Table, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const PATH = "there/journal.jsonl";

/** A table with what a disk has of the process before. */
async function sit(files: MemoryFiles = new MemoryFiles(), samplesPerChar = 800): Promise<Table> {
  const journal = await UtteranceJournal.open(PATH, {
    files,
    health: new StoreHealth("there", () => undefined),
  });
  return setTable({ engine: { samplesPerChar }, streams: { journal } });
}

function resumeOf(client: V2Client): { epoch: string; offset: number; utterances: [number, number][] } {
  const offset = Math.max(...client.speech.map((message) => message.offset));
  return { epoch: client.welcome.epoch, offset, utterances: [] };
}

/** pip and elara were handed a line of ten seconds when the process was killed. */
async function killedInMidLine(): Promise<{
  files: MemoryFiles;
  id: string;
  resume: ReturnType<typeof resumeOf>;
}> {
  const files = new MemoryFiles();
  const table = await sit(files);
  const pip = new V2Client(table, "pip", { codecs: ["opus"] });
  new V2Client(table, "elara", { codecs: ["opus"] });
  const line = table.streams.speak({ text: "x".repeat(100) });
  await line.handedOver;
  await until(() => files.text(PATH)?.split('"made"').length === 3);
  const resume = resumeOf(pip);
  const after = files.afterwards("kill");
  line.cancel();
  return { files: after, id: line.id, resume };
}

function tells(table: Table, client: V2Client, utterance: string) {
  return (heardMs: number, more: { leftMs?: number; ended?: true; state?: ListenerState } = {}): void =>
    table.streams.heard(client.connection, {
      type: "heard",
      utterance,
      heardMs,
      state: "playing",
      underruns: 0,
      ...more,
    });
}

test("after a restart a line is being heard until its listeners say how far they heard it, and that is kept", async () => {
  const { files, id, resume } = await killedInMidLine();
  const table = await sit(files);
  const { streams } = table;
  expect([streams.stillHeard.map(({ utterance }) => utterance), streams.log.recent]).toEqual([[id], []]);
  const pip = new V2Client(table, "pip", { codecs: ["opus"], resume });
  const elara = new V2Client(table, "elara", { codecs: ["opus"], resume });
  expect(pip.of("speech.end").filter(({ brokenOff }) => brokenOff)).toEqual([]);
  tells(table, pip, id)(4_000, { leftMs: 6_000 });
  expect(streams.stillHeard[0]).toMatchObject({ state: "draining", durationMs: 10_000 });
  expect(streams.stillHeard[0]?.players).toMatchObject([{ player: "pip", heardMs: 4_000 }]);
  // What is said next is heard after it.
  expect(Math.round(pip.connection.playout.aheadMs / 100)).toBe(60);
  tells(table, pip, id)(10_000, { leftMs: 0, ended: true });
  expect(streams.log.recent).toEqual([]);
  tells(table, elara, id)(7_000, { leftMs: 0, ended: true });
  await until(() => streams.log.recent.length === 1);
  const [{ state, report } = { state: undefined, report: undefined }] = streams.log.recent;
  expect([state, report?.delivered, streams.stillHeard]).toEqual(["done", true, []]);
  expect(report?.players).toMatchObject([
    { player: "pip", complete: true, heardMs: 10_000 },
    { player: "elara", complete: false, heardMs: 7_000, reason: "behind" },
  ]);
  await until(() => files.text(PATH)?.includes('"over"') === true);
  const later = await sit(files.afterwards("kill"));
  expect(later.streams.log.recent).toMatchObject([{ state: "done" }]);
  table.streams.close();
  later.streams.close();
});

test("who was not to hear a line tells nothing of it, and a line of which nobody tells anything broke off", async () => {
  const files = new MemoryFiles();
  const before = await sit(files);
  new V2Client(before, "pip", { codecs: ["opus"] });
  const line = before.streams.speak({ text: "x".repeat(100), to: ["pip"] });
  await line.handedOver;
  const after = files.afterwards("kill");
  line.cancel();
  const table = await sit(after);
  const thorin = new V2Client(table, "thorin");
  tells(table, thorin, line.id)(10_000, { leftMs: 0, ended: true });
  expect(table.streams.stillHeard).toMatchObject([{ utterance: line.id, players: [] }]);
  // Closed meanwhile, it is the next one's to find out.
  await table.streams.close();
  expect(table.streams.log.recent).toEqual([]);
  const later = setTimeout;
  const sooner = (run: () => void, ms?: number): unknown => later(run, ms === 15_000 ? 20 : ms);
  spyOn(globalThis, "setTimeout").mockImplementation(sooner as typeof setTimeout);
  try {
    const next = await sit(after.afterwards("kill"));
    expect(next.streams.stillHeard).toHaveLength(1);
    await until(() => next.streams.log.recent.length === 1);
    expect(next.streams.log.recent).toMatchObject([
      { state: "broken-off", report: { delivered: false, players: [] } },
    ]);
    await next.streams.close();
  } finally {
    mock.restore();
  }
});

test("whatever a client says it still has, nobody waits for it for ever", async () => {
  const { files, id, resume } = await killedInMidLine();
  const table = await sit(files);
  const pip = new V2Client(table, "pip", { codecs: ["opus"], resume });
  tells(table, pip, id)(4_000, { leftMs: Number.MAX_VALUE });
  expect(pip.connection.playout.aheadMs).toBeLessThanOrEqual(150_000);
  await table.streams.close();
});

test("how far a line was heard that broke off is told by who heard it", async () => {
  const files = new MemoryFiles();
  const before = await sit(files);
  const pip = new V2Client(before, "pip", { codecs: ["opus"] });
  async function* writing(): AsyncGenerator<string> {
    yield "It was a dark night. The wolves ";
    await new Promise(() => undefined);
  }
  const line = before.streams.speak({ text: writing() });
  await until(() => pip.frames.length > 0 && files.text(PATH)?.includes("dark night") === true);
  const resume = resumeOf(pip);
  const after = files.afterwards("kill");
  line.cancel();
  const table = await sit(after);
  expect(table.streams.log.recent).toMatchObject([{ state: "broken-off", report: { players: [] } }]);
  const again = new V2Client(table, "pip", { codecs: ["opus"], resume });
  tells(table, again, line.id)(1_200, { leftMs: 0, ended: true });
  await table.streams.close();
  expect(table.streams.log.recent).toMatchObject([
    { state: "broken-off", report: { players: [{ player: "pip", complete: false, heardMs: 1_200 }] } },
  ]);
});

test("a line of the process before can be stopped: its listeners are told, and it says so", async () => {
  const { files, id, resume } = await killedInMidLine();
  const table = await sit(files);
  const pip = new V2Client(table, "pip", { codecs: ["opus"], resume });
  tells(table, pip, id)(4_000, { leftMs: 6_000 });
  expect(table.streams.cancel(id)).toBe(true);
  expect(pip.of("speech.cancel").map(({ utterance }) => utterance)).toEqual([id]);
  expect(pip.connection.playout.aheadMs).toBe(0);
  expect(table.streams.log.recent).toMatchObject([
    { utterance: id, state: "cancelled", report: { cancelled: true, players: [{ heardMs: 4_000 }, {}] } },
  ]);
  expect(table.streams.cancel(id)).toBe(false);
  table.streams.close();
});

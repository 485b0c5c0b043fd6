import { expect, test } from "bun:test";
import { FolderLock } from "../../../src/party/storage/folder-lock.ts";
import { ownProcess, type Processes } from "../../../src/party/storage/processes.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

/** A machine on which these processes run, by number; the value is when each was started. */
function machine(pid: number, running: Record<number, string>, mayAsk = true, host = "attic"): Processes {
  return {
    pid,
    host,
    isRunning: (other) => (mayAsk ? other in running : undefined),
    startOf: async (other) => (mayAsk ? running[other] : undefined),
  };
}

const take = (files: MemoryFiles, processes: Processes): Promise<FolderLock> =>
  FolderLock.take("there", files, processes);

test("a second process finds out who has the folder, and the first one keeps it", async () => {
  const files = new MemoryFiles();
  const running = { 11: "a", 12: "b" };
  const first = await take(files, machine(11, running));
  await expect(take(files, machine(12, running))).rejects.toThrow("another Bardcast has it, process 11");
  expect(await first.holds()).toBe(true);
});

test.each([
  ["is gone", machine(12, { 12: "b" })],
  ["has its number from another, as in a container that was started anew", machine(11, { 11: "c" })],
  ["may not be asked for", machine(12, { 11: "a", 12: "b" }, false)],
  ["has its number from another machine", machine(11, { 11: "a" }, true, "cellar")],
])("a lock whose process %s holds nobody up, and who had it writes no more", async (_, processes) => {
  const files = new MemoryFiles();
  const first = await take(files, machine(11, { 11: "a" }));
  const second = await take(files, processes);
  expect(await second.holds()).toBe(true);
  expect(second.takenFrom).toBe(processes.host === "attic" ? undefined : "process 11 on attic");
  await expect(first.holds()).rejects.toThrow(
    `another Bardcast has it, process ${processes.pid} on ${processes.host}`,
  );
  // Its goodbye leaves the other one's lock where it is.
  await first.release();
  expect(await second.holds()).toBe(true);
});

test("a lock that was torn while it was written holds nobody up", async () => {
  for (const text of ["", "{", '{"id":"x","pid":']) {
    const files = new MemoryFiles();
    files.put("there/bardcast.lock", new TextEncoder().encode(text));
    expect(await (await take(files, machine(12, { 12: "b" }))).holds()).toBe(true);
  }
});

test("two tables of one process have one folder between them", async () => {
  const files = new MemoryFiles();
  await take(files, ownProcess());
  await expect(take(files, ownProcess())).rejects.toThrow(`process ${process.pid}`);
});

test("a folder that is given back is free, one that is deleted is told of", async () => {
  const files = new MemoryFiles();
  const first = await take(files, machine(11, { 11: "a" }));
  await first.release();
  expect(files.paths).toEqual([]);
  const second = await take(files, machine(11, { 11: "a" }));
  files.deleteAll();
  expect(await second.holds()).toBe(false);
});

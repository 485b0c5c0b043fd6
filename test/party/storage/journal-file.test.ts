import { expect, test } from "bun:test";
import fc from "fast-check";
import { deferred } from "../../../src/core/async/deferred.ts";
import { stableHash } from "../../../src/core/stable-choice.ts";
import { JournalFile } from "../../../src/party/storage/journal-file.ts";
import { decodeRecords, encodeRecord } from "../../../src/party/storage/journal-line.ts";
import { StoreHealth } from "../../../src/party/storage/store-health.ts";
import { type Fault, MemoryFiles, type Operation } from "../../support/memory-files.ts";

const PATH = "there/journal.jsonl";

interface Journal {
  file: JournalFile;
  told: string[];
  health: StoreHealth;
  add(n: number): void;
  /** Adds records, each waiting for the one before. */
  say(...numbers: number[]): Promise<void>;
}

/** A journal of numbers, which keeps the last `limit` of them. */
function open(
  files: MemoryFiles,
  options: { limit?: number; now?: () => number; guard?: () => Promise<void> } = {},
): Journal {
  const { limit = Infinity, now = () => 0, guard = () => Promise.resolve() } = options;
  const told: string[] = [];
  const health = new StoreHealth("there", (message) => told.push(message));
  const kept = numbersIn(files).map((n) => ({ n }));
  const text = files.text(PATH) ?? "";
  const file = new JournalFile(PATH, {
    files,
    health,
    guard,
    kept: () => [...kept],
    bytes: text.length,
    isTorn: decodeRecords(new TextEncoder().encode(text)).isTorn,
    now,
  });
  const add = (n: number): void => {
    kept.push({ n });
    if (kept.length > limit) kept.shift();
    file.add({ n });
  };
  const say = async (...numbers: number[]): Promise<void> => {
    for (const n of numbers) {
      add(n);
      await file.settled();
    }
  };
  return { file, told, health, add, say };
}

function numbersIn(files: MemoryFiles): number[] {
  const { records } = decodeRecords(new TextEncoder().encode(files.text(PATH) ?? ""));
  return records.map((record) => (record as { n: number }).n);
}

test("what has settled outlasts a loss of power, in order", async () => {
  const files = new MemoryFiles();
  const { say } = open(files);
  await say(1, 2, 3);
  expect(numbersIn(files.afterwards("power"))).toEqual([1, 2, 3]);
});

test("what was written, what failed, and what was written anew is counted, and so is what waits", async () => {
  const files = new MemoryFiles();
  let now = 0;
  const { file, add, say } = open(files, { now: () => now });
  expect(file.totals).toEqual({ writes: 0, failures: 0, bytes: 0, compactions: 0, waiting: 0 });
  add(1);
  expect(file.totals.waiting).toBe(1);
  await file.settled();
  await say(2);
  const bytes = files.text(PATH)?.length;
  expect(file.totals).toEqual({ writes: 2, failures: 0, bytes: bytes as number, compactions: 0, waiting: 0 });
  files.fault = ({ name }) => (name === "append" ? { code: "ENOSPC" } : undefined);
  await say(3);
  expect(file.totals).toMatchObject({ writes: 2, failures: 1, bytes });
  files.fault = () => undefined;
  now += 10_000;
  await say(4);
  // All four were written anew.
  expect(file.totals).toMatchObject({ writes: 3, failures: 1, compactions: 1, waiting: 0 });
  expect(file.totals.bytes).toBe((bytes as number) + (files.text(PATH)?.length ?? 0));
});

test("nothing is synchronised for a record that comes while the disk is busy: it goes with the next in one go", async () => {
  const files = new MemoryFiles();
  const { file, say, add } = open(files);
  await say(0);
  const before = files.operations.length;
  for (let n = 1; n <= 100; n++) add(n);
  await file.settled();
  const syncs = files.operations.slice(before).filter(({ name }) => name === "sync");
  expect(syncs).toHaveLength(1);
  expect(numbersIn(files)).toHaveLength(101);
});

test("a last record that is torn at any of its bytes is passed over, and what comes after it is read again", async () => {
  const whole = encodeRecord({ n: 1 }) + encodeRecord({ n: 2 });
  const last = encodeRecord({ n: 3, text: "Grüße, ドラゴン 🐉" });
  const bytes = new TextEncoder().encode(whole + last);
  const start = new TextEncoder().encode(whole).length;
  for (let end = start; end < bytes.length; end++) {
    const files = new MemoryFiles();
    files.put(PATH, bytes.slice(0, end));
    expect(numbersIn(files)).toEqual([1, 2]);
    await open(files).say(4);
    expect(numbersIn(files.afterwards("power"))).toEqual([1, 2, 4]);
  }
});

test("a text with the line breaks of Unicode is read again", () => {
  const record = { text: "The dragon\u2028roars!\u2029\u0085\r\n\v" };
  const { records, isTorn } = decodeRecords(new TextEncoder().encode(encodeRecord(record)));
  expect([records, isTorn]).toEqual([[record], false]);
});

test("a byte that was changed anywhere costs its record only", () => {
  const lines = [1, 2, 3].map((n) => encodeRecord({ n }));
  fc.assert(
    fc.property(fc.nat(lines.join("").length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = new TextEncoder().encode(lines.join(""));
      bytes[at] = (bytes[at] ?? 0) ^ change;
      const { records, isTorn } = decodeRecords(bytes);
      const numbers = records.map((record) => (record as { n: number }).n);
      const hit = Math.floor(at / (lines[0] ?? "").length) + 1;
      // The end of a line that is lost takes the next one with it.
      const lost = numbers.length < 2 ? [hit, hit + 1] : [hit];
      expect(numbers).toEqual([1, 2, 3].filter((n) => !lost.includes(n)));
      expect(isTorn).toBe(true);
    }),
    { numRuns: 2_000, examples: [[0, 1]] },
  );
});

test("anything at all in the file is read without a throw, or refused for its version", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      expect(decodeRecords(noise).records).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
  const sum = stableHash("2 {}").toString(16).padStart(8, "0");
  expect(() => decodeRecords(new TextEncoder().encode(`v2 ${sum} {}\n`))).toThrow("it is of format 2");
});

const DEATHS: Fault[] = [{ dies: true }, { dies: true, afterBytes: 1 }, { dies: true, afterBytes: 17 }];

test("a process that dies in any of its operations loses nothing that had settled, and reads again", async () => {
  const rehearsal = new MemoryFiles();
  const numbers = [...Array(40).keys()];
  await open(rehearsal, { limit: 4 }).say(...numbers);
  for (const fault of DEATHS) {
    for (const how of ["power", "kill"] as const) {
      for (let at = 0; at < rehearsal.operations.length; at++) {
        const files = new MemoryFiles();
        files.fault = ({ index }) => (index === at ? fault : undefined);
        const settled: number[] = [];
        const { say } = open(files, { limit: 4 });
        const story = (async () => {
          for (const n of numbers) {
            await say(n);
            settled.push(n);
          }
        })();
        await Promise.race([story, dead(files, at)]);
        const left = files.afterwards(how);
        const found = numbersIn(left);
        expect(found).toEqual([...found].sort((a, b) => a - b));
        // The four that are worth keeping are there; one more may be that was on its way.
        for (const n of settled.slice(-3)) expect(found).toContain(n);
        await open(left, { limit: 4 }).say(1000);
        expect(numbersIn(left.afterwards("power")).at(-1)).toBe(1000);
      }
    }
  }
}, 60_000);

/** Resolves some turns after the operation has begun in which the process dies. */
async function dead(files: MemoryFiles, at: number): Promise<void> {
  while (files.operations.length <= at) await new Promise((resolve) => setImmediate(resolve));
  for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
}

test.each<Operation["name"]>(["append", "sync", "open"])(
  "where %s fails that is said once, with what to do; when it works again everything is there, and that is said",
  async (name) => {
    const files = new MemoryFiles();
    let now = 0;
    let isFull = false;
    const { say, told, health, file } = open(files, { now: () => now });
    files.fault = (operation) =>
      isFull && operation.name === name ? { code: "ENOSPC", afterBytes: 5 } : undefined;
    if (name !== "open") await say(1);
    isFull = true;
    await say(2, 3, 4);
    expect(told).toEqual([
      expect.stringMatching(/^what is said is no longer kept in there \(ENOSPC.*\): make room on its disk$/),
    ]);
    expect(health.status).toEqual({ writable: false, reason: expect.stringContaining("ENOSPC") });
    isFull = false;
    // Not at once: a full disk is not asked with every line.
    const before = files.operations.length;
    await say(5);
    expect(files.operations).toHaveLength(before);
    now += 10_000;
    await say(6);
    expect(numbersIn(files.afterwards("power"))).toEqual(
      name === "open" ? [2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6],
    );
    expect(health.status).toEqual({ writable: true });
    expect(told).toHaveLength(2);
    await file.close();
  },
);

test("a clock that jumps back does not keep it from trying again", async () => {
  const files = new MemoryFiles();
  let now = 1_000_000;
  const { say } = open(files, { now: () => now });
  files.fault = ({ name }) => (name === "append" ? { code: "EIO" } : undefined);
  await say(1);
  files.fault = () => undefined;
  now = 0;
  await say(2);
  expect(numbersIn(files)).toEqual([1, 2]);
});

test("a disk that never answers is waited for once, and nobody waits for it again", async () => {
  const files = new MemoryFiles();
  files.fault = ({ name }) => (name === "sync" ? { hangs: true } : undefined);
  const { say, told } = open(files);
  await say(1);
  const since = files.operations.length;
  await say(2, 3, 4, 5);
  expect(files.operations).toHaveLength(since);
  expect(told).toEqual([expect.stringContaining("did not answer")]);
}, 10_000);

test("what is not worth keeping any more goes: the file stays within twice of what is", async () => {
  const files = new MemoryFiles();
  const { say, file } = open(files, { limit: 10 });
  const long = encodeRecord({ n: 1 }).length;
  for (let n = 0; n < 12_000; n += 100) {
    for (let i = 0; i < 99; i++) file.add({ n: n + i });
    await say(n + 99);
    expect(files.text(PATH)?.length).toBeLessThan(128 * 1024 + 200 * (long + 5));
  }
  expect(files.operations.some(({ name }) => name === "rename")).toBe(true);
  expect(files.paths).toEqual([PATH]);
  expect(numbersIn(files).at(-1)).toBe(11_999);
});

test("no more than 10,000 records wait, and what is beyond that is not lost: all that is worth keeping is written anew", async () => {
  const files = new MemoryFiles();
  const { add, file } = open(files);
  const disk = deferred();
  files.fault = ({ name, path }) => (name === "sync" && path === PATH ? { takes: disk.promise } : undefined);
  add(0);
  while (!files.operations.some(({ name }) => name === "sync")) await Bun.sleep(0);
  let most = 0;
  for (let n = 1; n <= 10_005; n++) {
    add(n);
    most = Math.max(most, file.totals.waiting);
  }
  expect(most).toBe(10_000);
  disk.resolve();
  await file.settled();
  expect(numbersIn(files)).toEqual([...Array(10_006).keys()]);
});

test("where its file is deleted, or another one put in its place, all there is is written anew", async () => {
  const files = new MemoryFiles();
  const { say, told } = open(files);
  await say(1, 2);
  files.deleteAll();
  await say(3);
  expect(numbersIn(files)).toEqual([1, 2, 3]);
  files.put(PATH, new TextEncoder().encode("Dear dragon"));
  await say(4);
  expect(numbersIn(files)).toEqual([1, 2, 3, 4]);
  expect(told).toEqual([]);
});

test("a writer whose folder another has taken writes nothing any more", async () => {
  const files = new MemoryFiles();
  let isOurs = true;
  const guard = async (): Promise<void> => {
    if (!isOurs) throw new Error("another Bardcast has it");
  };
  const { say, told } = open(files, { guard });
  await say(1);
  isOurs = false;
  await say(2, 3);
  expect(numbersIn(files)).toEqual([1]);
  expect(told).toEqual([expect.stringContaining("another Bardcast has it")]);
});

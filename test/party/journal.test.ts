import { expect, test } from "bun:test";
import fc from "fast-check";
import { deferred } from "../../src/core/async/deferred.ts";
import type { SpeechTextMessage } from "../../src/core/protocol/v2.ts";
import { asJournalRecord } from "../../src/party/speaking/journal-record.ts";
import { UtteranceJournal } from "../../src/party/speaking/utterance-journal.ts";
import { decodeRecords } from "../../src/party/storage/journal-line.ts";
import { StoreHealth } from "../../src/party/storage/store-health.ts";
import { Knowledge } from "../support/knowledge.ts";
import { MemoryFiles } from "../support/memory-files.ts";
import { setTable, type Table, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const PATH = "there/journal.jsonl";

interface Evening extends Table {
  files: MemoryFiles;
  told: string[];
  journal: UtteranceJournal;
}

/** A table with what a disk has of the evening so far. */
async function sit(
  files: MemoryFiles = new MemoryFiles(),
  options: { maxChars?: number; now?: () => number; samplesPerChar?: number } = {},
): Promise<Evening> {
  const { samplesPerChar = 40, ...journalOptions } = options;
  const told: string[] = [];
  const health = new StoreHealth("there", (message) => told.push(message));
  const journal = await UtteranceJournal.open(PATH, { files, health, ...journalOptions });
  const table = await setTable({ engine: { samplesPerChar }, streams: { journal } });
  await journal.settled();
  return { ...table, files, told, journal };
}

/** Texts, without the times that come later. */
function textsIn(messages: readonly { type: string }[]): string[] {
  const told = messages.filter((message) => message.type === "speech.text") as SpeechTextMessage[];
  return told.flatMap(({ text, atMs }) => (atMs === undefined ? [text] : []));
}

function texts(client: V2Client): string[] {
  return textsIn(client.speech);
}

/** What a disk has of lines that pip may hear. */
function keptFor(files: MemoryFiles, mayWhisper: boolean): string[] {
  const { records } = decodeRecords(new TextEncoder().encode(files.text(PATH) ?? ""));
  const known = records.flatMap((record) => asJournalRecord(record) ?? []);
  const ids = known.flatMap((record) => {
    if (record.is !== "begin") return [];
    return record.to === "all" || (mayWhisper && record.to.includes("pip")) ? [record.id] : [];
  });
  return known.flatMap((record) => (record.is === "text" && ids.includes(record.id) ? [record.text] : []));
}

test("nobody is told the end of a line before its text is durable, and everybody its text at once", async () => {
  const table = await sit();
  const pip = new V2Client(table, "pip");
  const old = table.join("thorin");
  const disk = deferred();
  table.files.fault = ({ name }) => (name === "sync" ? { takes: disk.promise } : undefined);
  const line = table.streams.speak({ text: "The dragon roars!" });
  await until(() => pip.frames.length > 0 && old.texts.some((text) => text.includes('"audio"')));
  await Bun.sleep(30);
  expect(texts(pip)).toEqual(["The dragon roars!"]);
  expect(old.texts.some((text) => text.includes("The dragon roars!"))).toBe(true);
  let isHandedOver = false;
  void line.handedOver.then(() => {
    isHandedOver = true;
  });
  await Bun.sleep(30);
  expect([pip.of("speech.end").length, isHandedOver]).toEqual([0, false]);
  disk.resolve();
  await line.handedOver;
  expect(pip.of("speech.end")).toHaveLength(1);
  expect(table.files.afterwards("power").text(PATH)).toContain("The dragon roars!");
});

test("a line that is cancelled while the disk is busy does not wait for the turn of who joins meanwhile", async () => {
  const table = await sit();
  table.join("thorin");
  const disk = deferred();
  table.files.fault = ({ name }) => (name === "sync" ? { takes: disk.promise } : undefined);
  const line = table.streams.speak({ text: "Never mind." });
  const release = table.engine.hold("Listen!");
  const other = table.streams.speak({ text: "Listen!", priority: 1 });
  line.cancel();
  const pip = new V2Client(table, "pip");
  disk.resolve();
  expect((await line.handedOver).cancelled).toBe(true);
  expect(pip.frames).toEqual([]);
  release();
  await other.handedOver;
});

test("a disk that fails or never answers keeps no word and no sound from anybody", async () => {
  for (const fault of [{ code: "ENOSPC" }, { hangs: true as const }]) {
    const table = await sit();
    table.files.fault = ({ name }) => (name === "append" || name === "open" ? fault : undefined);
    const pip = new V2Client(table, "pip");
    for (const text of ["The dragon roars!", "And again."]) {
      expect((await table.streams.speak({ text }).handedOver).delivered).toBe(true);
    }
    expect(texts(pip)).toEqual(["The dragon roars!", "And again."]);
    expect(table.told).toHaveLength(1);
  }
}, 20_000);

test("without a journal nothing is known of before, and no client is told of it", async () => {
  const table = await setTable();
  expect(table.streams.log.recent).toEqual([]);
  const pip = new V2Client(table, "pip");
  await table.streams.speak({ text: "The dragon roars!" }).handedOver;
  expect(pip.welcome).not.toHaveProperty("continues");
});

/** One thing that happens at a table. */
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom("all", "pip", "elara", "stream", "cancelled", "forget pip" as const),
    /** Turns of the event loop before the next one. */
    turns: fc.nat(6),
  }),
  { minLength: 1, maxLength: 8 },
);

test("killed at any moment, again and again: each text once and in order, and no whisper to anybody else", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ happenings, share: fc.double({ min: 0, max: 1, noNaN: true }), power: fc.boolean() }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      async (lives) => {
        let files = new MemoryFiles();
        let said = 0;
        const seen: string[] = [];
        let knowledge: Knowledge | undefined;
        let mayWhisper = true;
        const last = { happenings: [], share: 1, power: false };
        for (const { happenings: plan, share, power } of [...lives, last]) {
          const table = await sit(files);
          const pip = new V2Client(table, "pip", knowledge ? { resume: knowledge.resume } : {});
          for (const { what, turns } of plan) {
            const text = `${what} number ${said++}.`;
            if (what === "forget pip") {
              table.streams.forget("pip");
              mayWhisper = false;
            } else {
              const to = what === "pip" || what === "elara" ? [what] : ("all" as const);
              const line = table.streams.speak({ text: what === "stream" ? slowly(text) : text, to });
              if (what === "cancelled") line.cancel();
            }
            for (let turn = 0; turn < turns; turn++) await Bun.sleep(0);
          }
          // The process is killed: what was sent may be lost on its way, what was written stays.
          const next = new Knowledge();
          const sent = pip.socket.sent.slice(0, Math.max(1, Math.ceil(share * pip.socket.sent.length)));
          next.take(sent);
          seen.push(...textsIn(next.speech));
          knowledge = next;
          files = files.afterwards(power ? "power" : "kill");
          for (const line of table.streams.utterances) line.cancel();
          pip.connection.ended(1006);
          await table.streams.close();
        }
        expect(seen).toEqual([...new Set(seen)]);
        expect(seen).toEqual(expect.arrayContaining(keptFor(files, mayWhisper)));
        // What is still being written has its sentence when it has it.
        const atOnce = seen.filter((text) => !text.startsWith("stream"));
        const numbers = atOnce.map((text) => Number(/number (\d+)/.exec(text)?.[1]));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(seen.filter((text) => text.startsWith("elara"))).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

async function* slowly(text: string): AsyncGenerator<string> {
  for (const word of text.split(" ")) {
    yield `${word} `;
    await Bun.sleep(0);
  }
}

test("who slept longer than texts are told is not told that nothing was missed, because of a restart", async () => {
  let now = 1_700_000_000_000;
  const first = await sit(undefined, { now: () => now });
  const pip = new V2Client(first, "pip");
  const { epoch, offset } = pip.welcome;
  await first.streams.speak({ text: "The dragon roars!" }).done;
  await first.journal.settled();
  now += 2 * 3_600_000;
  const second = await sit(first.files.afterwards(), { now: () => now });
  const resume = { epoch, offset, utterances: [] };
  expect(new V2Client(second, "pip", { resume }).welcome.recovered).toBe(false);
  // Who has seen all of it has missed nothing.
  const seen = Math.max(...pip.speech.map((message) => message.offset));
  const awake = { epoch, offset: seen, utterances: [] };
  expect(new V2Client(second, "elara", { resume: awake }).welcome.recovered).toBe(true);
});

test("who was gone when lines were dropped for room is not told that nothing was missed", async () => {
  const first = await sit(undefined, { maxChars: 2_000 });
  const { epoch, offset } = new V2Client(first, "pip").welcome;
  for (const to of ["all", ["elara"], ["elara"], ["elara"]] as const)
    await first.streams.speak({ text: "x".repeat(600), to: to === "all" ? to : [...to] }).done;
  const second = await sit(first.files.afterwards(), { maxChars: 2_000 });
  const resume = { epoch, offset, utterances: [] };
  expect(new V2Client(second, "pip", { resume }).welcome.recovered).toBe(false);
});

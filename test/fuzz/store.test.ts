import { test } from "bun:test";
import fc from "fast-check";
import { RestoredUtterances } from "../../src/party/speaking/restored/restored-utterances.ts";
import { UtteranceJournal } from "../../src/party/speaking/utterance-journal.ts";
import { UtteranceLog } from "../../src/party/speaking/utterance-log.ts";
import { CampaignState } from "../../src/party/storage/campaign-state.ts";
import { encodeRecord } from "../../src/party/storage/journal-line.ts";
import { StoreHealth } from "../../src/party/storage/store-health.ts";
import { Sequencer } from "../../src/party/transport/sequencer.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { MemoryFiles } from "../support/memory-files.ts";
import { bytesLike, fuzz, likeJson, RARE } from "./fuzz.ts";

const MINUTES = 60_000 + Number(process.env.FUZZ ?? 10_000) * 30;
const PATH = "there/journal.jsonl";

const id = fc.constantFrom("a", "b", "c");
const head = { speaker: "dm", private: false, priority: 1, language: "en", speed: 1, pitch: 0 };
const report = likeJson({
  utterance: id,
  delivered: fc.boolean(),
  cancelled: fc.boolean(),
  listeners: fc.nat(),
  sentences: fc.nat(),
  durationMs: fc.double(),
  engines: fc.array(fc.string(), { maxLength: 2 }),
  players: fc.array(fc.record({ player: fc.string(), complete: fc.boolean(), heardMs: fc.double() }), {
    maxLength: 2,
  }),
  problems: fc.constant([]),
});
/** Records as one of ours writes them, of which a field may be anything. */
const record = likeJson({
  is: fc.constantFrom(
    "life",
    "begin",
    "begin",
    "text",
    "text",
    "made",
    "over",
    "forget",
    "answer",
    "dropped",
  ),
  id,
  epoch: fc.constantFrom("e", "f"),
  offset: fc.nat(),
  at: fc.oneof(fc.constant(Date.now()), fc.double()),
  handle: fc.nat(70_000),
  head: fc.constant(head),
  to: fc.oneof(fc.constant("all"), fc.array(fc.string(), { maxLength: 2 })),
  text: fc.string(),
  again: fc.constant({}),
  listeners: fc.nat(),
  sentence: fc.nat(5),
  state: fc.constantFrom("done", "cancelled", "failed", "broken-off"),
  leftMs: fc.double(),
  silent: fc.nat(2),
  report,
  player: fc.string(),
  kind: fc.constantFrom("text", "hand"),
  private: fc.boolean(),
  written: fc.string(),
});

async function openJournal(bytes: Uint8Array): Promise<void> {
  const files = new MemoryFiles();
  const file = await files.openAppend(PATH);
  await file.append(bytes);
  const health = new StoreHealth("there", () => undefined);
  // Of a later format it says so.
  const journal = await UtteranceJournal.open(PATH, { files, health }).catch(() => undefined);
  if (!journal) return;
  const connections = { connectionsOf: () => [] };
  const restored = new RestoredUtterances(new Sequencer(journal.nextOffset), {
    connections,
    journal,
    isFor: () => true,
  });
  restored.translate({ epoch: "e", offset: 0, utterances: [[1, 0]] });
  const log = new UtteranceLog(journal);
  JSON.stringify([restored.dm20Texts, restored.stillHeard.lines, log.recent, log.page({ limit: 20 })]);
  for (const { messages } of restored.texts) for (const { text } of messages.after(0)) text("opus");
  restored.stillHeard.close();
  await journal.close();
}

test(
  "the journal, of which any record may say anything, and any byte may be another",
  async () => {
    const records = fc.array(record, { maxLength: 12 });
    const written = records.map((all) => {
      return new TextEncoder().encode(all.map((each) => encodeRecord(each as object)).join(""));
    });
    await fuzz(written, openJournal, RARE);
    const [known = new Uint8Array()] = fc.sample(
      written.filter(({ length }) => length > 300),
      1,
    );
    await fuzz(bytesLike(known), openJournal, RARE);
  },
  2 * MINUTES,
);

test(
  "state.json, of which anything may be anything, and any byte another",
  async () => {
    const store = memoryStore();
    const state = await CampaignState.open(store);
    state.keep({
      seats: { players: ["ann", "bob"], taken: ["cid"] },
      secret: "a secret that is long enough to be one",
    });
    await state.saved();
    const text = (await store.read()) ?? "";
    const changed = bytesLike(new TextEncoder().encode(text)).map((bytes) => new TextDecoder().decode(bytes));
    const other = likeJson(
      Object.fromEntries(Object.keys(JSON.parse(text)).map((key) => [key, fc.jsonValue()])),
    );
    const texts = fc.oneof(
      changed,
      other.map((value) => JSON.stringify(value)),
      fc.string(),
    );
    await fuzz(
      texts,
      async (read) => {
        const opened = await CampaignState.open(memoryStore(read));
        JSON.stringify(opened.kept);
        await opened.saved();
      },
      RARE,
    );
  },
  MINUTES,
);

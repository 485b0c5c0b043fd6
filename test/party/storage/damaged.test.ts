import { afterAll, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UtteranceJournal } from "../../../src/party/speaking/utterance-journal.ts";
import { decodeRecords, encodeRecord } from "../../../src/party/storage/journal-line.ts";
import { StoreHealth } from "../../../src/party/storage/store-health.ts";
import { createApp } from "../../../src/server/app.ts";
import { type OpenCampaign, openCampaign } from "../../support/campaign.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { MemoryFiles } from "../../support/memory-files.ts";
import { V2Client } from "../../support/v2-client.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-damaged-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function say({ party }: OpenCampaign, text: string): Promise<void> {
  if (party.connections.connectionCount() === 0) party.connections.connect(new FakeSocket(), "thorin");
  expect(await party.streamToPlayer("thorin", text)).toBe(true);
}

/** A folder in which something was said. */
async function folderWith(name: string, ...texts: string[]): Promise<string> {
  const folder = join(home, name);
  await using opened = await openCampaign(folder);
  for (const text of texts) await say(opened, text);
  return folder;
}

function textsIn({ party }: OpenCampaign): (string | undefined)[] {
  return party.streams.log.recent.map(({ text }) => text);
}

test("a state.json that alone cannot be kept: status and /healthz say so, with its path, until it can", async () => {
  const folder = join(home, "state");
  const file = join(folder, "state.json");
  const problem = { writable: false, reason: expect.stringContaining(file) };
  const health = async ({ party }: OpenCampaign): Promise<unknown> => {
    const sockets = { upgradeWebSocket: () => async () => new Response(), toSocket: () => new FakeSocket() };
    return (await createApp(party, sockets).request("/healthz")).json();
  };
  mkdirSync(file, { recursive: true });
  {
    await using opened = await openCampaign(folder);
    expect((await opened.party.status()).store).toEqual(problem);
    expect(await health(opened)).toMatchObject({ problems: [{ code: "store-not-writable" }] });
    await say(opened, "The dragon roars!");
    expect((await opened.party.status()).store).toEqual(problem);
    expect(opened.told).toEqual([expect.stringContaining(`${file}: EISDIR`)]);
  }
  rmdirSync(file);
  await using opened = await openCampaign(folder);
  expect(textsIn(opened)).toEqual(["The dragon roars!"]);
  expect((await opened.party.status()).store).toEqual({ writable: true });
  rmSync(file);
  mkdirSync(join(file, "in the way"), { recursive: true });
  await opened.party.reinvite("thorin");
  expect((await opened.party.status()).store).toEqual(problem);
  rmSync(file, { recursive: true });
  await say(opened, "It is gone.");
  await opened.party.store.saved();
  expect((await opened.party.status()).store).toEqual({ writable: true });
  expect(await health(opened)).toMatchObject({ status: "ok" });
  expect(readFileSync(file, "utf8")).toContain("thorin");
  expect(opened.told).toEqual([expect.stringContaining(`${file}: seats`)]);
});

test("a journal that is all garbage is told once, with its path, and kept under another name; the next one under yet another", async () => {
  const folder = await folderWith("garbage", "The dragon roars!");
  const file = join(folder, "journal.jsonl");
  for (const [letter, aside] of [
    ["Dear dragon", `${file}.damaged`],
    ["Dear\0other\ndragon\n", `${file}.damaged.2`],
  ] as const) {
    writeFileSync(file, letter);
    {
      await using opened = await openCampaign(folder);
      expect(opened.told).toEqual([expect.stringContaining(`${file} is damaged: nothing`)]);
      expect(opened.told[0]).toContain(`kept beside as ${aside}`);
      expect((await opened.party.status()).store).toEqual({ writable: true });
      await say(opened, "All is new.");
      expect(readFileSync(aside, "utf8")).toBe(letter);
      expect(statSync(aside).mode & 0o777).toBe(0o600);
    }
    await using again = await openCampaign(folder);
    expect(again.told).toEqual([]);
    expect(textsIn(again)).toEqual(["All is new."]);
  }
  expect(readFileSync(`${file}.damaged`, "utf8")).toBe("Dear dragon");
});

test("of a journal that was changed in its middle the rest is used, and it is kept as it was", async () => {
  const folder = await folderWith("changed", "One.", "Two.", "Three.");
  const file = join(folder, "journal.jsonl");
  const changed = readFileSync(file, "utf8").replaceAll("Two.", "Too!");
  writeFileSync(file, changed);
  await using opened = await openCampaign(folder);
  expect(opened.told).toEqual([
    expect.stringContaining(`${file} is damaged: what can be read in it is used`),
  ]);
  expect(textsIn(opened)).toEqual(["Three.", "One."]);
  expect(readFileSync(`${file}.damaged`, "utf8")).toBe(changed);
});

test.each([
  ["Two.", ["One."]],
  ["Three.", ["One.", "Two."]],
])(
  "of a line of which %s cannot be read any more, what comes before is told, and not that all follows",
  async (lost, told) => {
    const folder = join(home, `hole-${lost}`);
    let resume: { epoch: string; offset: number; utterances: [] };
    {
      await using opened = await openCampaign(folder);
      const { epoch, offset } = new V2Client(opened.party, "thorin").welcome;
      resume = { epoch, offset, utterances: [] };
      await say(opened, "One. Two. Three.");
    }
    const file = join(folder, "journal.jsonl");
    const lines = readFileSync(file, "utf8").split("\n");
    const changed = lines.map((line) => (line.includes('"is":"text"') ? line.replace(lost, "Too!") : line));
    writeFileSync(file, changed.join("\n"));
    await using opened = await openCampaign(folder);
    const client = new V2Client(opened.party, "thorin", { resume });
    expect(client.welcome.recovered).toBe(false);
    expect(client.of("speech.text").map(({ text }) => text)).toEqual(told);
  },
);

test("a record that was torn by the end of a process is passed over without a word, and nothing is kept beside", async () => {
  const folder = await folderWith("torn", "One.", "Two.");
  const file = join(folder, "journal.jsonl");
  const whole = readFileSync(file);
  for (const length of [whole.length - 3, 40, 3]) {
    writeFileSync(file, whole.subarray(0, length));
    await using opened = await openCampaign(folder);
    expect(opened.told).toEqual([]);
  }
  expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toEqual([]);
});

test("the end of a file that is larger than what is read of it may begin anywhere", () => {
  const bytes = new TextEncoder().encode([1, 2, 3].map((n) => encodeRecord({ n })).join(""));
  for (let from = 1; from < bytes.length; from++) {
    expect(decodeRecords(bytes.subarray(from), { isCut: true }).isDamaged, `from ${from}`).toBe(false);
  }
  expect(decodeRecords(bytes.subarray(1)).isDamaged).toBe(true);
});

test("a journal that cannot be kept beside is not written over; once it can, all that was said since is kept", async () => {
  const path = "there/journal.jsonl";
  const files = new MemoryFiles();
  files.put(path, new TextEncoder().encode("Dear dragon"));
  files.fault = ({ name }) => (name === "link" ? { code: "ENOSPC" } : undefined);
  const told: string[] = [];
  const log = (message: string): number => told.push(message);
  const health = new StoreHealth("there", log);
  let now = 0;
  const journal = await UtteranceJournal.open(path, { files, health, log, now: () => now });
  expect(told).toEqual([expect.stringContaining("it is written anew, once it is kept beside")]);
  journal.live({ epoch: "one", offset: 1 });
  await journal.settled();
  expect(files.text(path)).toBe("Dear dragon");
  expect(health.status.writable).toBe(false);
  files.fault = () => undefined;
  now += 10_000;
  journal.live({ epoch: "two", offset: 2 });
  await journal.settled();
  expect(files.text(`${path}.damaged`)).toBe("Dear dragon");
  expect(files.text(path)).toContain('"two"');
  expect(health.status).toEqual({ writable: true });
});

test("nine damaged ones are kept; where there is another one it is left alone, which is told, and speech goes on", async () => {
  const folder = await folderWith("nine", "The dragon roars!");
  const file = join(folder, "journal.jsonl");
  writeFileSync(file, "Dear dragon");
  for (let at = 1; at <= 9; at++) writeFileSync(`${file}.damaged${at === 1 ? "" : `.${at}`}`, "kept");
  await using opened = await openCampaign(folder);
  await say(opened, "Hello?");
  expect(readFileSync(file, "utf8")).toBe("Dear dragon");
  expect(opened.told).toEqual([
    expect.stringContaining(`${file} is damaged`),
    expect.stringContaining("there are 9 damaged ones beside it already: move them away"),
  ]);
  expect((await opened.party.status()).store?.writable).toBe(false);
});

test("a damaged state.json is kept beside as it was, also where it is a link", async () => {
  const folder = await folderWith("link", "The dragon roars!");
  const file = join(folder, "state.json");
  const target = join(home, "elsewhere.json");
  writeFileSync(target, "{ seats: oops");
  rmSync(file);
  symlinkSync(target, file);
  await using opened = await openCampaign(folder);
  expect(opened.told).toEqual([expect.stringContaining(`${file}: it is damaged`)]);
  expect(opened.told[0]).toEndWith(`kept beside as ${file}.damaged`);
  await opened.party.store.saved();
  expect(readFileSync(`${file}.damaged`, "utf8")).toBe("{ seats: oops");
  expect(JSON.parse(readFileSync(target, "utf8"))).toMatchObject({ format: 1 });
});

import { afterAll, expect, spyOn, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParty } from "../../../src/party/create-party.ts";
import { memoryStore } from "../../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../../src/voices/voice-registry.ts";
import { type OpenCampaign, openCampaign } from "../../support/campaign.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { Disk } from "../../support/mounts.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";
import { V2Client } from "../../support/v2-client.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-folder-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const mountable = await Disk.mount();
await mountable?.[Symbol.asyncDispose]();
const canMount = mountable !== undefined;

/** It speaks. */
async function expectSpeech({ party }: OpenCampaign): Promise<void> {
  party.connections.connect(new FakeSocket(), "thorin");
  expect(await party.streamToPlayer("thorin", "The dragon roars!")).toBe(true);
}

function expectLoss({ told }: OpenCampaign, folder: string, code: string): void {
  expect(told).toEqual([expect.stringContaining(`nothing can be kept in ${folder} (${code}`)]);
  expect(told[0]).toContain(
    "voices that are changed, links that are replaced, and what was said are forgotten",
  );
}

function save({ party }: OpenCampaign): Promise<void> {
  party.registry.setNpcVoice("mara", { voice_id: "en-gb" });
  return party.registry.save();
}

test.skipIf(!canMount)(
  "a read-only folder without voices: it is told once, and the default voices speak",
  async () => {
    await using disk = (await Disk.mount()) as Disk;
    await disk.protect();
    await using opened = await openCampaign(disk.folder);
    expectLoss(opened, disk.folder, "EROFS");
    await expectSpeech(opened);
    await expect(save(opened)).rejects.toThrow(`${disk.folder}/voice_registry.yaml is not saved: EROFS`);
  },
);

test.skipIf(!canMount)("a read-only folder with voices: they speak, and it is told once, too", async () => {
  await using disk = (await Disk.mount()) as Disk;
  writeFileSync(join(disk.folder, "voice_registry.yaml"), "npc_overrides: { mara: { voice_id: fr } }\n");
  await disk.protect();
  await using opened = await openCampaign(disk.folder);
  expectLoss(opened, disk.folder, "EROFS");
  expect(opened.party.registry.getNpcVoice("mara").voiceId).toBe("fr");
  await expectSpeech(opened);
});

test.skipIf(!canMount)(
  "a full disk is told with its folder; when there is room again, voices are saved",
  async () => {
    await using disk = (await Disk.mount()) as Disk;
    disk.fill();
    await using opened = await openCampaign(disk.folder);
    expectLoss(opened, disk.folder, "ENOSPC");
    await expectSpeech(opened);
    await expect(save(opened)).rejects.toThrow(`${disk.folder}/voice_registry.yaml is not saved: ENOSPC`);
    disk.empty();
    await save(opened);
    expect(readFileSync(join(disk.folder, "voice_registry.yaml"), "utf8")).toContain("mara");
  },
);

test.skipIf(!canMount)(
  "a table that starts on a full disk tells who comes back what was said before; once there is room, all is kept",
  async () => {
    await using disk = (await Disk.mount()) as Disk;
    let resume: { epoch: string; offset: number; utterances: [] };
    {
      await using opened = await openCampaign(disk.folder);
      const { epoch, offset } = new V2Client(opened.party, "thorin").welcome;
      resume = { epoch, offset, utterances: [] };
      await opened.party.streamToAll("The dragon roars!");
    }
    disk.fill();
    await using opened = await openCampaign(disk.folder);
    expectLoss(opened, disk.folder, "ENOSPC");
    const client = new V2Client(opened.party, "thorin", { resume });
    expect(client.of("speech.text").map(({ text }) => text)).toEqual(["The dragon roars!"]);
    const before = await opened.party.tokens.issue("thorin");
    await opened.party.reinvite("thorin");
    disk.empty();
    // Not at once: a full disk is not asked with every line.
    await Bun.sleep(5_100);
    await opened.party.streamToAll("And again.");
    await opened.party.store.saved();
    expect((await opened.party.status()).store).toEqual({ writable: true });
    const links = (): string => readFileSync(join(disk.folder, "state.json"), "utf8");
    await until(() => links().includes("thorin"));
    await opened.party.close();
    await using again = await openCampaign(disk.folder);
    await expect(again.party.tokens.verify(before)).rejects.toMatchObject({ code: "unauthorized" });
    expect(again.party.streams.log.recent.map(({ text }) => text)).toEqual([
      "And again.",
      "The dragon roars!",
    ]);
  },
  20_000,
);

test("a file in the place of the folder, or a place where there can be none", async () => {
  const file = join(home, "letter");
  writeFileSync(file, "Dear dragon");
  const link = join(home, "link");
  symlinkSync(join(home, "nowhere"), link);
  for (const folder of [file, "/proc/campaign", join(file, "deeper"), link]) {
    await using opened = await openCampaign(folder);
    expectLoss(opened, folder, folder === link ? "it is a link that leads nowhere" : "E");
    await expectSpeech(opened);
  }
  expect(readFileSync(file, "utf8")).toBe("Dear dragon");
});

test("voices that cannot be read are told with their path, and left alone", async () => {
  const folder = join(home, "unreadable");
  mkdirSync(join(folder, "voice_registry.yaml"), { recursive: true });
  await using opened = await openCampaign(folder);
  expect(opened.told).toEqual([
    expect.stringContaining(`${folder}/voice_registry.yaml cannot be read (EISDIR`),
  ]);
  await expectSpeech(opened);
  await expect(save(opened)).rejects.toMatchObject({ code: "registry-invalid" });
});

test("a folder that is deleted while the table plays is made again with what is kept, and that is told once", async () => {
  const folder = join(home, "deleted");
  let token: string;
  {
    await using opened = await openCampaign(folder);
    token = await opened.party.tokens.issue("thorin");
    await expectSpeech(opened);
    for (const text of ["Gone?", "Not gone."]) {
      rmSync(folder, { recursive: true });
      await opened.party.streamToAll(text);
      await until(() => existsSync(join(folder, "state.json")));
    }
    await save(opened);
    expect(existsSync(join(folder, "voice_registry.yaml"))).toBe(true);
    // Moved away, and back when another one is in its place: that was this table's as well.
    renameSync(folder, `${folder}.moved`);
    await opened.party.streamToAll("Moved?");
    rmSync(folder, { recursive: true });
    renameSync(`${folder}.moved`, folder);
    await opened.party.streamToAll("Moved back.");
    expect((await opened.party.status()).store).toEqual({ writable: true });
    expect(opened.told).toEqual([expect.stringContaining(`${folder} was deleted while it is in use`)]);
  }
  await using again = await openCampaign(folder);
  expect(await again.party.tokens.verify(token)).toMatchObject({ player: "thorin" });
  const texts = again.party.streams.log.recent.map(({ text }) => text);
  expect(texts).toEqual(["Moved back.", "Moved?", "Not gone.", "Gone?", "The dragon roars!"]);
});

test("a folder that is made is for nobody else on the machine, and so is every file in it but the voices", async () => {
  const folder = join(home, "own");
  const modes = (): Record<string, string> => {
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    const files = readdirSync(folder).map((name) => [name, mode(join(folder, name))]);
    return { ".": mode(folder), ...Object.fromEntries(files) };
  };
  const own = { ".": "700", "journal.jsonl": "600", "state.json": "600" };
  {
    await using opened = await openCampaign(folder);
    await expectSpeech(opened);
    expect(modes()).toMatchObject({ ...own, "bardcast.lock": "600" });
  }
  expect(modes()).toMatchObject(own);
  expect(readdirSync(folder)).not.toContain("bardcast.lock");
});

test("what was half written when a process was killed is removed at the next start, and nothing else; not by a second table", async () => {
  const folder = join(home, "killed");
  const ours = [
    "state.json.0123abcd.tmp",
    "voice_registry.yaml.0123abcd.tmp",
    "journal.jsonl.tmp",
    ".0123abcd.tmp",
  ];
  const others = ["notes.tmp", "state.json.old.tmp", "voice_registry.yaml.bak", "my.0123abcd.tmp"];
  mkdirSync(folder);
  const leave = (): void => {
    for (const name of [...ours, ...others]) writeFileSync(join(folder, name), "half");
  };
  leave();
  await using first = await openCampaign(folder);
  await expectSpeech(first);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(others));
  expect(readdirSync(folder).filter((name) => ours.includes(name))).toEqual([]);
  leave();
  await using _second = await openCampaign(folder);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining([...ours, ...others]));
});

test("what was half written is removed as soon as a disk takes something that did not at the start", async () => {
  const folder = join(home, "killed-and-full");
  const half = join(folder, "state.json.0123abcd.tmp");
  mkdirSync(folder);
  writeFileSync(half, "half");
  const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  using _disk = spyOn(process.getBuiltinModule("fs/promises"), "writeFile").mockRejectedValueOnce(full);
  await using opened = await openCampaign(folder);
  await expectSpeech(opened);
  expect(opened.told[0]).toContain(`nothing can be kept in ${folder} (${full.message})`);
  await until(() => !existsSync(half));
});

test("a folder that was deleted and is made again by saving voices is for nobody else either", async () => {
  const folder = join(home, "own-again");
  await using opened = await openCampaign(folder);
  rmSync(folder, { recursive: true });
  await save(opened);
  expect((statSync(folder).mode & 0o777).toString(8)).toBe("700");
});

test("a second table in one folder is told who has it, keeps nothing, and plays", async () => {
  const folder = join(home, "shared");
  await using first = await openCampaign(folder);
  await using second = await openCampaign(folder);
  expectLoss(second, folder, `another Bardcast has it, process ${process.pid}`);
  await expectSpeech(second);
  await second.party.reinvite("thorin");
  expect((await second.party.status()).store).toEqual({
    writable: false,
    reason: expect.stringContaining("another Bardcast has it"),
  });
  await expectSpeech(first);
  expect((await first.party.status()).store).toEqual({ writable: true });
  expect(first.told).toEqual([]);
  // It was the second's link only that was replaced.
  const { links } = JSON.parse(readFileSync(join(folder, "state.json"), "utf8"));
  expect(links).toBeUndefined();
});

test.skipIf(!canMount)(
  "a registry that is opened alone tells that it is not written, and has the default voices",
  async () => {
    await using disk = (await Disk.mount()) as Disk;
    await disk.protect();
    const told: string[] = [];
    const registry = await VoiceRegistry.open(disk.folder, { log: (message) => told.push(message) });
    expect(told).toEqual([expect.stringContaining(`${disk.folder}/voice_registry.yaml cannot be written`)]);
    expect(registry.getVoiceConfig("dm")).toEqual(
      (await VoiceRegistry.open(memoryStore())).getVoiceConfig("dm"),
    );
  },
);

test("what was copied here so that others may read it is closed to them before anything is added", async () => {
  const folder = join(home, "copied");
  const names = ["journal.jsonl", "state.json"];
  {
    await using opened = await openCampaign(folder);
    await expectSpeech(opened);
  }
  for (const name of names) chmodSync(join(folder, name), 0o644);
  await using opened = await openCampaign(folder);
  await expectSpeech(opened);
  for (const name of names) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
});

test("a seat that was taken and given while nothing was kept of what is said: who has it now is told no whisper of before", async () => {
  const folder = join(home, "newcomer");
  let epoch: string;
  {
    await using opened = await openCampaign(folder);
    const client = new V2Client(opened.party, "thorin");
    ({ epoch } = client.welcome);
    await opened.party.streamToPlayer("thorin", "The key is under the mat.");
    await opened.party.streamToAll("Welcome, all.");
  }
  {
    const options = { campaignDir: folder, engines: [new ToneEngine()] };
    const party = await createParty({ ...options, journal: false });
    await party.unseat("thorin");
    party.seat("thorin");
    await party.close();
  }
  for (const life of ["third", "fourth"]) {
    await using opened = await openCampaign(folder);
    const resume = { epoch, offset: 0, utterances: [] };
    const client = new V2Client(opened.party, "thorin", { resume });
    const told = client.of("speech.text").map(({ text }) => text);
    expect(told, life).toContain("Welcome, all.");
    expect(told, life).not.toContain("The key is under the mat.");
    if (life === "fourth") expect(told).toContain("You are new here.");
    else await opened.party.streamToPlayer("thorin", "You are new here.");
  }
});

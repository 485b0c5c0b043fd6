import { afterAll, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParty } from "../../../src/party/create-party.ts";
import type { Party } from "../../../src/party/party.ts";
import { memoryStore } from "../../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../../src/voices/voice-registry.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { Disk } from "../../support/mounts.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-folder-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const mountable = await Disk.mount();
await mountable?.[Symbol.asyncDispose]();
const canMount = mountable !== undefined;

interface Opened extends AsyncDisposable {
  party: Party;
  told: string[];
}

async function open(campaignDir: string): Promise<Opened> {
  const told: string[] = [];
  const options = { campaignDir, engines: [new ToneEngine()], players: ["thorin"] };
  const party = await createParty({ ...options, log: (message) => told.push(message) });
  return { party, told, [Symbol.asyncDispose]: () => party.close() };
}

/** It speaks. */
async function expectSpeech({ party }: Opened): Promise<void> {
  party.connections.connect(new FakeSocket(), "thorin");
  expect(await party.streamToPlayer("thorin", "The dragon roars!")).toBe(true);
}

function expectLoss({ told }: Opened, folder: string, code: string): void {
  expect(told).toEqual([expect.stringContaining(`nothing can be kept in ${folder} (${code}`)]);
  expect(told[0]).toContain(
    "voices that are changed, links that are replaced, and what was said are forgotten",
  );
}

function save({ party }: Opened): Promise<void> {
  party.registry.setNpcVoice("mara", { voice_id: "en-gb" });
  return party.registry.save();
}

test.skipIf(!canMount)(
  "a read-only folder without voices: it is told once, and the default voices speak",
  async () => {
    await using disk = (await Disk.mount()) as Disk;
    await disk.protect();
    await using opened = await open(disk.folder);
    expectLoss(opened, disk.folder, "EROFS");
    await expectSpeech(opened);
    await expect(save(opened)).rejects.toThrow(`${disk.folder}/voice_registry.yaml is not saved: EROFS`);
  },
);

test.skipIf(!canMount)("a read-only folder with voices: they speak, and it is told once, too", async () => {
  await using disk = (await Disk.mount()) as Disk;
  writeFileSync(join(disk.folder, "voice_registry.yaml"), "npc_overrides: { mara: { voice_id: fr } }\n");
  await disk.protect();
  await using opened = await open(disk.folder);
  expectLoss(opened, disk.folder, "EROFS");
  expect(opened.party.registry.getNpcVoice("mara").voiceId).toBe("fr");
  await expectSpeech(opened);
});

test.skipIf(!canMount)(
  "a full disk is told with its folder; when there is room again, voices are saved",
  async () => {
    await using disk = (await Disk.mount()) as Disk;
    disk.fill();
    await using opened = await open(disk.folder);
    expectLoss(opened, disk.folder, "ENOSPC");
    await expectSpeech(opened);
    await expect(save(opened)).rejects.toThrow(`${disk.folder}/voice_registry.yaml is not saved: ENOSPC`);
    disk.empty();
    await save(opened);
    expect(readFileSync(join(disk.folder, "voice_registry.yaml"), "utf8")).toContain("mara");
  },
);

test("a file in the place of the folder, or a place where there can be none", async () => {
  const file = join(home, "letter");
  writeFileSync(file, "Dear dragon");
  for (const folder of [file, "/proc/campaign", join(file, "deeper")]) {
    await using opened = await open(folder);
    expectLoss(opened, folder, "E");
    await expectSpeech(opened);
  }
  expect(readFileSync(file, "utf8")).toBe("Dear dragon");
});

test("voices that cannot be read are told with their path, and left alone", async () => {
  const folder = join(home, "unreadable");
  mkdirSync(join(folder, "voice_registry.yaml"), { recursive: true });
  await using opened = await open(folder);
  expect(opened.told).toEqual([
    expect.stringContaining(`${folder}/voice_registry.yaml cannot be read (EISDIR`),
  ]);
  await expectSpeech(opened);
  await expect(save(opened)).rejects.toMatchObject({ code: "registry-invalid" });
});

test("a folder that is deleted while the table plays is made again when something is kept", async () => {
  const folder = join(home, "deleted");
  await using opened = await open(folder);
  expect(readdirSync(folder)).toEqual(["voice_registry.yaml"]);
  await expectSpeech(opened);
  rmSync(folder, { recursive: true });
  await expectSpeech(opened);
  await save(opened);
  expect(existsSync(join(folder, "voice_registry.yaml"))).toBe(true);
  expect(opened.told).toEqual([]);
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

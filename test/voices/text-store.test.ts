import { afterAll, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

const folder = mkdtempSync(join(tmpdir(), "bardcast-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = "voice_registry.yaml";
const campaign = (name: string): string => {
  const dir = join(folder, name);
  mkdirSync(dir);
  return dir;
};

test("a file that is a link is saved where it leads, and stays a link", async () => {
  const [dir, shared] = [campaign("linked"), campaign("shared")];
  const target = join(shared, "ours.yaml");
  writeFileSync(target, "# ours\nnpc_overrides: { mara: x }\n");
  symlinkSync("../shared/ours.yaml", join(dir, FILE));
  const registry = await VoiceRegistry.open(dir);
  registry.setNpcVoice("Grok", "y");
  await registry.save();
  expect(lstatSync(join(dir, FILE)).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toStartWith("# ours\n");
  expect((await VoiceRegistry.open(dir)).listOverrides()).toEqual(["mara", "Grok"]);
  expect([readdirSync(dir), readdirSync(shared)]).toEqual([[FILE], ["ours.yaml"]]);
});

test("a read-only file is told, and stays as it is; writable again, it is saved", async () => {
  const dir = campaign("read-only");
  const path = join(dir, FILE);
  writeFileSync(path, "npc_overrides: { mara: x }\n");
  chmodSync(path, 0o444);
  const registry = await VoiceRegistry.open(dir);
  registry.setNpcVoice("Grok", "y");
  await expect(registry.save()).rejects.toMatchObject({
    code: "registry-unsaved",
    message: `${path} is not saved: it is read-only; make it writable, then save again`,
  });
  expect(readFileSync(path, "utf8")).toBe("npc_overrides: { mara: x }\n");
  expect(readdirSync(dir)).toEqual([FILE]);
  chmodSync(path, 0o644);
  await registry.save();
  expect(readFileSync(path, "utf8")).toContain("Grok");
});

test("what keeps a file from being saved is told with its path, and nothing is left beside it", async () => {
  const dir = campaign("lost");
  const registry = await VoiceRegistry.open(dir);
  rmSync(dir, { recursive: true });
  writeFileSync(dir, "a file, where the folder was");
  await expect(registry.save()).rejects.toMatchObject({
    code: "registry-unsaved",
    message: expect.stringContaining(join(dir, FILE)),
  });
});

test("a link to nowhere is told", async () => {
  const dir = campaign("dangling");
  symlinkSync("nowhere.yaml", join(dir, FILE));
  const log: string[] = [];
  const registry = await VoiceRegistry.open(dir, { log: (message) => log.push(message) });
  expect(log).toEqual([expect.stringContaining("a link to a file that is not there")]);
  await expect(registry.save()).rejects.toMatchObject({ code: "registry-unsaved" });
  expect(lstatSync(join(dir, FILE)).isSymbolicLink()).toBe(true);
});

import { expect, test } from "bun:test";
import { Characters } from "../../src/party/characters.ts";
import { changeRegistry } from "../../src/party/registry-change.ts";
import { CastMemory } from "../../src/party/request/cast-memory.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

/** A table whose disk may be full. */
async function table() {
  const kept = memoryStore("dm_voice: en-gb\nnpc_overrides:\n  grok: { voice_id: en-us+m5 }\n");
  const disk = { isFull: false };
  const store = {
    ...kept,
    write: (text: string) => (disk.isFull ? Promise.reject(new Error("no space left")) : kept.write(text)),
  };
  const registry = await VoiceRegistry.open(store);
  const memory = new CastMemory();
  return { disk, registry, memory, characters: new Characters(registry, memory) };
}

test("a change that cannot be taken back on the disk stays, and can be taken back later", async () => {
  const { disk, characters, registry } = await table();
  await characters.put("grok", { voice: "en-us+m5", race: "orc" });
  disk.isFull = true;
  expect(await characters.undo().catch(({ message }) => message)).toContain("no space left");
  expect(characters.get("grok").race).toBe("orc");
  expect(characters.list().canUndo).toBe(true);
  disk.isFull = false;
  await characters.undo();
  expect(characters.get("grok").race).toBeUndefined();
  expect(registry.text).not.toContain("orc");
  characters.close();
});

test("who has spoken since is not forgotten when a change is taken back, and who was forgotten comes back", async () => {
  const { characters, memory } = await table();
  memory.remember("Old Mara", { race: "dwarf" });
  await characters.remove("Old Mara");
  memory.remember("Bree", { race: "elf" });
  await characters.undo();
  expect(memory.all.map(({ name }) => name)).toEqual(["Old Mara", "Bree"]);
  characters.close();
});

test("who spoke while somebody was not removed, for want of room, is remembered, and so is who stays", async () => {
  const { disk, characters, memory } = await table();
  memory.remember("Old Mara");
  disk.isFull = true;
  const removed = characters.remove("Old Mara").catch(() => "not removed");
  memory.remember("Bree");
  expect(await removed).toBe("not removed");
  expect(memory.all.map(({ name }) => name)).toEqual(["Old Mara", "Bree"]);
  characters.close();
});

test("words that cannot be saved are not said", async () => {
  const { disk, characters, registry } = await table();
  disk.isFull = true;
  const changed = changeRegistry(registry, () => registry.setLexicon({ Drizzt: "Drist" }));
  expect(await changed.catch(() => "not saved")).toBe("not saved");
  expect(registry.spoken.lexicon).toEqual([]);
  characters.close();
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CharacterInfo, CharacterList, PartyStatus } from "../../src/core/protocol/api.ts";
import { COLOURS } from "../../src/core/protocol/colours.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-characters-"));
afterAll(() => rmSync(campaignDir, { recursive: true, force: true }));
const FILE = join(campaignDir, "voice_registry.yaml");
const OURS = `# Ours.
dm_voice: en-gb
npc_defaults:
  female_dwarf: { voice_id: en-gb-scotland+f4, language: en-gb-scotland, pitch: -3 }
npc_overrides:
  # The blacksmith.
  grok: { voice_id: en-us+m5, notes: owes 30 gp } # gruff
`;
writeFileSync(FILE, OURS);
const told: string[] = [];
const server = await startServer({ campaignDir, log: (message) => told.push(message) });

const list = async (): Promise<CharacterList> => (await server.call("/characters")).json();
const one = async (id: string): Promise<CharacterInfo> =>
  (await server.call(`/characters/${encodeURIComponent(id)}`)).json();
const put = (id: string, sheet: unknown): Promise<Response> =>
  server.call(`/characters/${encodeURIComponent(id)}`, { method: "PUT", body: JSON.stringify(sheet) });
const undo = (): Promise<Response> => server.call("/characters/undo", { method: "POST" });
const file = (): string => readFileSync(FILE, "utf8");
const read = (): boolean => told.some((message) => message.includes("is read again"));

test("who stands in the file is in the list, and whoever spoke once, as they were called first", async () => {
  expect((await list()).characters).toMatchObject([
    { id: "grok", name: "Grok", notes: "owes 30 gp", isWritten: true, voice: { voiceId: "en-us+m5" } },
  ]);
  await server.speak({ text: "Hm.", npc: { name: "Old Mara", race: "dwarf", gender: "female" } });
  await server.speak({ text: "Hm.", speaker: "old_mara" });
  await server.speak({ text: "Roll.", speaker: "combat" });
  const { characters, canUndo } = await list();
  expect(characters.map(({ id }) => id)).toEqual(["grok", "Old Mara"]);
  expect(characters[1]).toMatchObject({ race: "dwarf", gender: "female", isWritten: false });
  expect(characters[1]?.speaksWith.language).toBe("en-gb-scotland");
  expect(COLOURS).toContain(characters[1]?.colour as never);
  expect(canUndo).toBe(false);
  const { speakers } = await (await server.call("/voices")).json();
  expect(speakers).toEqual(["dm", "combat", "grok", "Old Mara"]);
});

test("a character who is written down keeps the voice that was theirs; what is changed holds from the next line on", async () => {
  const before = await one("Old Mara");
  const sheet = { race: "dwarf", gender: "female", colour: "moss", say: "Old Maira", notes: "knows all" };
  expect((await put("Old Mara", sheet)).status).toBe(200);
  const written = await one("old_mara");
  expect(written).toMatchObject({ ...sheet, id: "Old Mara", isWritten: true, speaksWith: before.speaksWith });
  await put("Old Mara", { ...sheet, voice: { pitch: 2, effects: "cave" } });
  const { speaksWith } = await one("Old Mara");
  expect(speaksWith).toEqual({ ...before.speaksWith, pitch: 2, extra: { effects: ["cave"] } });
  const line = server.party.speak({ text: "Hm.", speaker: "old_mara" });
  const active = server.party.streams.utterances.find(({ id }) => id === line.id);
  expect(active?.request).toMatchObject({ voice: speaksWith, context: "dialogue" });
  expect(server.party.registry.spoken.lexicon).toEqual([{ written: "Old Mara", say: "Old Maira" }]);
  expect(file()).toContain(
    "  # The blacksmith.\n  grok: { voice_id: en-us+m5, notes: owes 30 gp } # gruff\n",
  );
  expect(file()).toContain("Old Mara: {");
});

test("one change can be taken back, once; what is typed of one sheet is one change", async () => {
  const before = file();
  await put("grok", { voice: "en-us+m5", race: "or" });
  await put("grok", { voice: "en-us+m5", race: "orc of the marsh" });
  expect(await one("grok")).toMatchObject({ race: "orc of the marsh" });
  expect((await list()).canUndo).toBe(true);
  expect(await (await undo()).json()).toMatchObject({ canUndo: false });
  expect(file()).toBe(before);
  expect((await undo()).status).toBe(400);
  await server.speak({ text: "Hm.", speaker: "passer_by" });
  for (const id of ["passer_by", "Old Mara"]) {
    expect((await server.call(`/characters/${encodeURIComponent(id)}`, { method: "DELETE" })).status).toBe(
      200,
    );
    expect((await server.call(`/characters/${encodeURIComponent(id)}`)).status).toBe(404);
  }
  await undo();
  expect((await list()).characters.map(({ id }) => id)).toEqual(["grok", "Old Mara"]);
});

test("who is only heard first, or prepared, has not spoken, and nothing that is said of them then holds", async () => {
  const before = await one("Old Mara");
  for (const name of ["Old Mara", "Nobody Yet"]) {
    const body = JSON.stringify({ text: "Hm.", npc: { name, race: "elf", gender: "male" } });
    for (const path of ["/preview", "/prepare"])
      expect((await server.call(path, { method: "POST", body })).status).toBe(200);
  }
  expect(await one("Old Mara")).toEqual(before);
  expect((await list()).characters.map(({ id }) => id)).not.toContain("Nobody Yet");
});

test("what makes no sense is refused by its field, and nothing is changed", async () => {
  const before = file();
  for (const [sheet, field] of [
    [{ colour: "mauve" }, "colour"],
    [{ voice: { pitch: 99 } }, "pitch"],
    [{ voice: { effects: ["crypt"] } }, "effects"],
    [{ hat: "red" }, ""],
    [{ notes: "x".repeat(5_000) }, "notes"],
    ["x", ""],
  ] as const) {
    const response = await put("grok", sheet);
    expect(response.status).toBe(400);
    expect((await response.json()).error.issues[0].path).toStartWith(field);
  }
  expect((await put("dm", {})).status).toBe(400);
  expect((await put("x".repeat(65), {})).status).toBe(400);
  const thorin = { Authorization: `Bearer ${await server.party.tokens.issue("thorin")}` };
  expect((await server.call("/characters", { headers: thorin })).status).toBe(403);
  expect(file()).toBe(before);
});

test("a file that is edited by hand is read again; an edit that makes no sense is told, and the last good stays", async () => {
  writeFileSync(FILE, OURS.replace("en-us+m5", "en-us+m7"));
  await until(read);
  expect((await one("grok")).speaksWith.voiceId).toBe("en-us+m7");
  expect((await list()).canUndo).toBe(false);

  const broken = "npc_overrides: [";
  writeFileSync(FILE, broken);
  await until(() => told.some((message) => message.includes("what was good last is used")));
  expect((await one("grok")).speaksWith.voiceId).toBe("en-us+m7");
  const status = (await (await server.call("/status")).json()) as PartyStatus;
  expect([status.voicesProblem, (await list()).problem]).toEqual([
    expect.stringContaining("line 1"),
    expect.stringContaining("line 1"),
  ]);
  expect((await put("grok", { race: "orc" })).status).toBe(500);
  expect(await one("grok")).not.toHaveProperty("race");
  expect(file()).toBe(broken);

  told.length = 0;
  writeFileSync(FILE, OURS);
  await until(read);
  expect((await one("grok")).speaksWith.voiceId).toBe("en-us+m5");
  expect(await list()).not.toHaveProperty("problem");
});

test("a change over HTTP does not undo what was just edited by hand", async () => {
  writeFileSync(FILE, `${OURS}  tessa: en-us+f3\n`);
  await put("grok", { voice: "en-us+m5", race: "orc" });
  expect(file()).toContain("tessa: en-us+f3");
  expect(file()).toContain("race: orc");
});

test("listeners on both wires are told who speaks, by name and colour, and of the DM by neither", async () => {
  const elara = await server.join("elara");
  const thorin = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue("thorin")}`);
  await thorin.greet({ codecs: ["opus"] });
  await put("grok", { name: "Grok the Grim", colour: "copper", voice: "en-us+m5" });
  await server.speak({ text: "Steel!", speaker: "grok" });
  await server.speak({ text: "He grins.", to: ["elara"] });
  await elara.until("private", 1);
  expect(elara.of("narrative").at(-1)).toMatchObject({
    content: "Steel!",
    speaker: "grok",
    speaker_name: "Grok the Grim",
    colour: "copper",
  });
  expect(elara.of("private")[0]).toMatchObject({ from: "dm", speaker: "dm" });
  expect(elara.of("private")[0]).not.toHaveProperty("colour");
  await until(() => thorin.of("speech.begin").length > 0);
  expect(thorin.of("speech.begin").at(-1)).toMatchObject({
    speaker: "grok",
    name: "Grok the Grim",
    colour: "copper",
  });
  elara.socket.close();
  thorin.socket.close();
});

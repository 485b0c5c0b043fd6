import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listVoices } from "../../../src/server/openai/voice-list.ts";
import { writeEspeakData } from "../../support/espeak-data.ts";
import { startServer } from "../../support/server.ts";
import { SPEAKERS, writeKokoroVoice, writeVitsVoice } from "../../support/stand-in-voices.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const dir = mkdtempSync(join(tmpdir(), "bardcast-listed-"));
const before = process.env.BARDCAST_VOICES_DIR;
process.env.BARDCAST_VOICES_DIR = dir;
afterAll(() => {
  if (before === undefined) delete process.env.BARDCAST_VOICES_DIR;
  else process.env.BARDCAST_VOICES_DIR = before;
  rmSync(dir, { recursive: true });
});
await writeEspeakData(`${dir}/espeak-ng-data`);
await writeVitsVoice(`${dir}/alba`);
await writeKokoroVoice(`${dir}/kokoro`);

const names = ["sherpa", "flite", "espeak"];
const engines = names.map((name) => new ToneEngine({ name, samplesPerChar: 40 }));
const server = await startServer({ engines, cache: false });
const { party } = server;

test("who may be asked for is listed: the narrator, characters and their mixtures, OpenAI's names, engines' voices", async () => {
  await party.characters.put("twins", { name: "The Twins", voice: "kokoro/af_a:0.7,am_b:0.3" });
  const ids = (await listVoices(party)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.slice(0, 3)).toEqual(["dm", "twins", "alloy"]);
  expect(ids.filter((id) => id.startsWith("sherpa:alba"))).toHaveLength(4);
  for (const speaker of SPEAKERS) expect(ids).toContain(`sherpa:kokoro/${speaker}`);
  for (const voice of ["slt", "rms", "awb", "kal16"]) expect(ids).toContain(`flite:${voice}`);
  expect(ids.filter((id) => id.startsWith("espeak:en")).length).toBeGreaterThan(20);
});

test("each of them speaks by what it is listed as, and by the engine it is listed for", async () => {
  const headers = { Authorization: `Bearer ${server.dmToken}`, "Content-Type": "application/json" };
  const { voices } = await (await fetch(`${server.url}/v1/audio/voices`, { headers })).json();
  const listed = await listVoices(party);
  expect(voices).toEqual(listed.map(({ id, name }) => ({ id, name })));
  for (const { id } of listed.filter(({ id }) => id.includes(":"))) {
    const body = JSON.stringify({ input: "Hm.", voice: id, response_format: "pcm" });
    const answer = await fetch(`${server.url}/v1/audio/speech`, { method: "POST", headers, body });
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
    const [name = "", voice = ""] = id.split(":");
    const engine = engines.find((each) => each.name === name);
    expect(engine?.voices.at(-1)?.voiceId).toBe(voice);
  }
});

test("an engine that is not here lists nothing", async () => {
  const other = await startServer({ engines: [new ToneEngine()], cache: false });
  expect((await listVoices(other.party)).filter(({ id }) => id.includes(":"))).toEqual([]);
});

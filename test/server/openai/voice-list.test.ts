import { expect, test } from "bun:test";
import type { EngineVoice } from "../../../src/engines/contract/engine-voice.ts";
import { LISTED_VOICES } from "../../../src/engines/flite/flite-voices.ts";
import { listVoices } from "../../../src/server/openai/voice-list.ts";
import { startServer } from "../../support/server.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

/** An engine that tells its voices, and which it was asked for. */
class ListingEngine extends ToneEngine {
  readonly #listed: readonly EngineVoice[];

  constructor(name: string, listed: readonly EngineVoice[]) {
    super({ name, samplesPerChar: 40 });
    this.#listed = listed;
  }

  listVoices(): readonly EngineVoice[] {
    return this.#listed;
  }
}

const variants = ["+m1", "+f1", "+f2"].map((suffix) => ({ suffix }));
const engines = [
  new ListingEngine("sherpa", [
    { id: "alba", languages: ["en-gb"] },
    ...Array.from({ length: 900 }, (_, index) => ({ id: `crowd/${index}`, languages: ["en-us"] })),
    { id: "kokoro/af_a", languages: ["en-us"] },
    { id: "kokoro/am_b", languages: ["en-us"] },
  ]),
  new ListingEngine("flite", LISTED_VOICES),
  new ListingEngine("espeak", [
    { id: "de", languages: ["de"], variants },
    { id: "en-gb", languages: ["en-gb", "en"], variants },
  ]),
];
const server = await startServer({ engines, cache: false });
const { party } = server;

test("who may be asked for is listed: the narrator, characters and their mixtures, OpenAI's names, engines' voices", async () => {
  await party.characters.put("twins", { name: "The Twins", voice: "kokoro/af_a:0.7,am_b:0.3" });
  const ids = (await listVoices(party)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.slice(0, 3)).toEqual(["dm", "twins", "alloy"]);
  expect(ids.filter((id) => id.startsWith("sherpa:crowd/"))).toHaveLength(60);
  for (const voice of ["alba", "kokoro/af_a", "kokoro/am_b"]) expect(ids).toContain(`sherpa:${voice}`);
  for (const voice of ["slt", "rms", "awb", "kal16"]) expect(ids).toContain(`flite:${voice}`);
  const ofEspeak = ids.filter((id) => id.startsWith("espeak:"));
  expect(ofEspeak).toEqual(["de", "en-gb", "en-gb+m1", "en-gb+f1", "en-gb+f2"].map((id) => `espeak:${id}`));
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

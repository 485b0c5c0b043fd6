import { expect, test } from "bun:test";
import { textOf } from "../../src/core/text/model/text-of.ts";
import recorded from "../fixtures/model-streams.json" with { type: "json" };
import { startServer } from "../support/server.ts";
import { setTable } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2Client } from "../support/v2-client.ts";

const engine = new ToneEngine();
const server = await startServer({ engines: [engine], cache: false });
const { party } = server;
const names = (): string[] => party.characters.list().characters.map(({ name }) => name);
/** Voices in which something was asked for, by the text. */
const voices = (): Map<string, string> =>
  new Map(engine.asked.map((text, index) => [text, engine.voices[index]?.voiceId ?? ""]));
async function* streamOf(parts: readonly unknown[]): AsyncGenerator<unknown> {
  for (const part of parts) yield part;
}

test("a model's stream is said by whom it names, who are characters from then on", async () => {
  const thorin = await server.join("thorin");
  await party.prepare({ text: "Bors: Not yet.", cast: "from text" });
  expect(names()).toEqual([]);
  const stream = streamOf(recorded["OpenAI's Responses"]);
  const line = party.speak({ text: textOf(stream), cast: "from text", speech: true });
  expect(await line.done).toMatchObject({ delivered: true, problems: [] });
  const said = voices();
  const [narrator, mara, thorinsVoice] = [
    "The door creaks.",
    "Who's there?",
    "It is half past twelve thirty, friend.",
  ].map((text) => said.get(text) ?? text);
  expect(said.get("Nobody answers.")).toBe(narrator ?? "");
  expect(new Set([narrator, mara, thorinsVoice]).size).toBe(3);
  expect(mara).toBe(party.registry.getCastVoice("Mara", {})?.voiceId);
  expect(names()).toEqual(["Mara", "Thorin"]);
  expect(thorin.of("narrative").map(({ content }) => content)).toEqual([
    "The door creaks.",
    "Mara: Who's there?",
    "Speak!",
    "**Thorin:** It is half past 12:30, friend.",
    "Nobody answers.",
  ]);
  thorin.socket.close();
});

test("a character keeps the voice of their sheet, by id or by the name they are shown with", async () => {
  await server.join("thorin");
  await party.characters.put("grok", { name: "Grok the Grim", voice: "en-us+m5" });
  await party.speak({
    text: "grok: Ugh.\nGrok the Grim: Argh.\ngrok the grim: Once more.",
    cast: "from text",
  }).done;
  const said = voices();
  for (const text of ["Ugh.", "Argh.", "Once more."]) expect(said.get(text)).toBe("en-us+m5");
  expect(names().filter((name) => /grok/i.test(name))).toEqual(["Grok the Grim"]);
});

test("a line that was cast is said again as it was, from the log", async () => {
  await server.join("thorin");
  const { again, text, to } = party.said({ limit: 1 }).utterances[0] ?? {};
  expect(again).toMatchObject({ cast: "from text" });
  const before = engine.asked.length;
  expect((await server.speak({ text, to, ...again })).status).toBe(200);
  expect(engine.asked.slice(before)).toEqual(["Ugh.", "Argh.", "Once more."]);
});

test("over HTTP a text is cast in a body of either kind, and only by that word", async () => {
  await server.join("thorin");
  const headers = { "Content-Type": "text/plain" };
  const post = (query: string): Promise<Response> =>
    server.call(`/speak?${query}`, { method: "POST", headers, body: "Zed: In a body." });
  expect((await server.speak({ text: "Zoe: In JSON.", cast: "from text" })).status).toBe(200);
  expect((await post("cast=from%20text")).status).toBe(200);
  expect(engine.asked.slice(-2)).toEqual(["In JSON.", "In a body."]);
  expect(names()).toEqual(expect.arrayContaining(["Zoe", "Zed"]));
  expect((await server.speak({ text: "Zoe: Hm.", cast: true })).status).toBe(400);
  expect((await post("cast=yes")).status).toBe(400);
});

test("words are placed behind the name, where a page shows them", async () => {
  const table = await setTable();
  const elara = new V2Client(table, "elara");
  await table.streams.speak({ text: "Mara: They come!", cast: "from text" }).handedOver;
  const words = elara.of("speech.text").flatMap((message) => message.words ?? []);
  expect("Mara: They come!".slice(words[0]?.[0], (words[0]?.[0] ?? 0) + (words[0]?.[1] ?? 0))).toBe("They");
});

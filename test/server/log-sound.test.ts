import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WAV_HEADER_BYTES } from "../../src/core/dsp/wav.ts";
import type { LogPage } from "../../src/core/protocol/api.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-sound-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
/** A letter is 50 ms of sound. */
const engine = new ToneEngine({ samplesPerChar: 400, failsOn: (text) => text === "Gone." && isGone });
let isGone = false;
const server = await startServer({ engines: [engine], campaignDir: home, cache: false });
const thorin = await server.join("thorin");

const sound = (query: string): Promise<Response> => server.call(`/log/sound?${query}`);
/** Seconds of a WAV file. */
const secondsOf = async (response: Response): Promise<number> => {
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "audio/wav"]);
  return ((await response.bytes()).length - WAV_HEADER_BYTES) / 48_000;
};

test("before anything was heard there is nothing to save", async () => {
  const none = await sound("as=wav");
  expect([none.status, (await none.json()).error.code]).toEqual([404, "not-found"]);
});

test("the log is one file, oldest line first with a pause between; whispers only where they are asked for", async () => {
  await server.speak({ text: "Twenty letters long." });
  await server.speak({ text: "Psst, only for you.", to: ["thorin"] });
  await server.speak({ text: "Only to be read.", speech: false });
  await server.speak({ text: "[effect cave]Ten words[/effect]" });
  await until(() => thorin.clips.length === 3);
  await until(() => server.party.said({ limit: 10 }).utterances.length === 4);
  engine.asked.length = 0;
  const open = await sound("as=wav");
  expect(open.headers.get("Bardcast-Lines")).toBe("2");
  const length = await secondsOf(open);
  expect(engine.asked).toEqual(["Twenty letters long.", "Ten words"]);
  const all = await sound("as=wav&whispers=true");
  expect(all.headers.get("Bardcast-Lines")).toBe("3");
  // One line more, and one pause of half a second.
  expect((await secondsOf(all)) - length).toBeGreaterThan(0.5);
});

test("one line is a file as well, in Ogg Opus unless WAV is asked for, and nobody at the table gets any of it", async () => {
  const { utterances }: LogPage = await (await server.call("/log?limit=10")).json();
  const whisper = utterances.find(({ to }) => to !== "all");
  expect(utterances.map(({ text, shown }) => shown ?? text)).toContain("Ten words");
  const [clips, queue] = [thorin.clips.length, server.party.open];
  const one = await sound(`line=${whisper?.utterance}`);
  expect(one.headers.get("Content-Type")).toBe("audio/ogg");
  const bytes = await one.bytes();
  expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe("OggS");
  // The last page of an Ogg file says so.
  const last = Buffer.from(bytes).lastIndexOf("OggS");
  expect((bytes[last + 5] ?? 0) & 4).toBe(4);
  expect([thorin.clips.length, server.party.open]).toEqual([clips, queue]);
  expect((await sound("line=nobody")).status).toBe(404);
  expect((await sound("as=mp3")).status).toBe(400);
});

test("who may not read the log does not hear it", async () => {
  for (const token of [
    await server.party.tokens.issue("thorin"),
    (await server.party.guests.invite("service", "bot")).token,
  ]) {
    const headers = { Authorization: `Bearer ${token}` };
    expect((await server.call("/log/sound?as=wav&whispers=true", { headers })).status).toBe(403);
  }
});

test("where a line cannot be made any more the file breaks off, and counts no more among those being made", async () => {
  await server.speak({ text: "Gone." });
  await until(() => server.party.said({ limit: 1 }).utterances[0]?.text === "Gone.");
  isGone = true;
  for (let round = 0; round < 3; round++) {
    const broken = await sound("as=wav");
    expect(broken.status).toBe(200);
    expect(
      await broken.bytes().then(
        () => "whole",
        () => "broken",
      ),
    ).toBe("broken");
  }
});

import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SoundCueMessage, SoundInfo } from "../../src/core/protocol/sounds.ts";
import { startServer } from "../support/server.ts";
import { sine } from "../support/sound.ts";
import { wavOf } from "../support/sound-files.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-line-sounds-"));
const engine = new ToneEngine();
const server = await startServer({ campaignDir, engines: [engine], cache: false });
const door = wavOf(sine(440, 24_000, 0.5, 0.5));
const uploaded = await server.call("/sounds?name=Door", { method: "POST", body: door });
const { id } = (await uploaded.json()) as SoundInfo;

const open: V2SocketClient[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) client.socket.close();
  await server.silence();
  engine.asked.length = 0;
});

async function listen(player: string): Promise<V2SocketClient> {
  const client = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue(player)}`);
  open.push(client);
  await client.greet({ codecs: ["opus"] });
  return client;
}

const cuesOf = (client: V2SocketClient): SoundCueMessage[] => client.of("sound.cue");
/** When the word of a line begins, and when it is over. */
const timesOf = (client: V2SocketClient, word: string): readonly [number, number] => {
  for (const { text, words = [] } of client.of("speech.text"))
    for (const [from, length, startMs, endMs] of words)
      if (text.slice(from, from + length) === word) return [startMs, endMs];
  throw new Error(`"${word}" was not said`);
};

test("a sound in a line is told to all who hear it, with the time of its word, and its tag is neither shown nor said", async () => {
  const [thorin, elara] = [await listen("thorin"), await listen("elara")];
  await server.speak({ text: "The key turns. She opens [sound door] the gate. [sound DICE]" });
  await until(() => cuesOf(elara).length === 2 && cuesOf(thorin).length === 2);
  const [atWord, atEnd] = cuesOf(elara);
  const [line] = elara.of("speech.begin");
  expect(atWord).toMatchObject({
    sound: id,
    gain: 1,
    utterance: line?.utterance,
    atMs: timesOf(elara, "the")[0],
  });
  expect(atEnd).toMatchObject({ sound: "dice", atMs: timesOf(elara, "gate")[1] });
  expect(cuesOf(thorin).map(({ sound, atMs, seed }) => [sound, atMs, seed])).toEqual(
    cuesOf(elara).map(({ sound, atMs, seed }) => [sound, atMs, seed]),
  );
  expect(elara.of("speech.text").map(({ text }) => text)).toEqual(
    expect.arrayContaining(["The key turns.", "She opens the gate."]),
  );
  expect(engine.asked).toEqual(["The key turns.", "She opens the gate."]);
});

test("a whisper's sound is told to its listener alone", async () => {
  const [thorin, elara] = [await listen("thorin"), await listen("elara")];
  await server.speak({ text: "Behind [sound door] you.", to: ["elara"] });
  await server.speak({ text: "All hear [sound dice] that." });
  await until(() => cuesOf(elara).length === 2 && cuesOf(thorin).length === 1);
  expect(cuesOf(thorin).map(({ sound }) => sound)).toEqual(["dice"]);
});

test("a client on the dm20 wire is told a line with sounds as one without", async () => {
  const heard = async (text: string): Promise<unknown[][]> => {
    const pip = await server.join("thorin");
    await server.speak({ text });
    await pip.untilClips(2);
    pip.socket.close();
    await server.silence();
    // How loud a voice is is learned from one line to the next.
    return pip.messages.map(({ type, content, sequence, total_chunks }) => [
      type,
      content,
      sequence,
      total_chunks,
    ]);
  };
  const without = await heard("She opens the gate. It creaks.");
  expect(await heard("She opens [sound door] the gate. [sound dice] It creaks. ")).toEqual(without);
});

test("a name that no sound has is told in the report, and not read aloud", async () => {
  await listen("elara");
  const answer = await server.speak({ text: "Hush [sound dor] now. [sound dor]" });
  const { problems } = (await answer.json()) as { problems: { code: string; message: string }[] };
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({
    code: "markup-unknown",
    message: expect.stringContaining('[sound dor] was passed over: there is no sound "dor"'),
  });
  expect(engine.asked).toEqual(["Hush now."]);
});

test("in a text that is still being written a tag may be cut anywhere", async () => {
  const elara = await listen("elara");
  const text = new ReadableStream({
    async start(controller) {
      for (const part of ["It opens. [so", "und do", "or] Mara enters."]) {
        controller.enqueue(part);
        await Bun.sleep(20);
      }
      controller.close();
    },
  });
  await server.party.streams.speak({ text }).handedOver;
  await until(() => cuesOf(elara).length === 1);
  expect(cuesOf(elara)[0]?.atMs).toBe(timesOf(elara, "Mara")[0]);
});

test("a line of nothing but a sound is heard as that", async () => {
  const elara = await listen("elara");
  await server.speak({ text: "[sound door]" });
  await until(() => cuesOf(elara).length === 1);
  expect(cuesOf(elara)[0]?.atMs).toBe(0);
  expect(engine.asked).toEqual([]);
});

test("who comes to a line later is told its sounds with the time at which it has begun", async () => {
  const elara = await listen("elara");
  elara.say({ type: "settings", sync: true });
  await Bun.sleep(50);
  await server.speak({ text: `${"A long way to go. ".repeat(20)} [sound door]` });
  await until(() => cuesOf(elara).length === 1);
  const late = await listen("thorin");
  await until(() => cuesOf(late).length === 1);
  expect(cuesOf(late)[0]?.startAt).toBe(elara.of("speech.move")[0]?.startAt as number);
});

test("prepared and rendered, a line has no sounds, and none of their names is read aloud", async () => {
  const elara = await listen("elara");
  await server.party.streams.prepare({ text: "She opens [sound door] it." });
  const answer = await fetch(`${server.url}/v1/audio/speech`, {
    method: "POST",
    headers: { Authorization: `Bearer ${server.dmToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "any",
      voice: "any",
      input: "She [sound door] sings.",
      response_format: "pcm",
    }),
  });
  expect((await answer.bytes()).length).toBeGreaterThan(1_000);
  expect(engine.asked.filter((text) => /sound|door/u.test(text))).toEqual([]);
  expect(engine.asked).toContain("She sings.");
  expect(cuesOf(elara)).toEqual([]);
  rmSync(campaignDir, { recursive: true, force: true });
});

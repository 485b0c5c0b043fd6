import { expect, test } from "bun:test";
import type { ReceivedClip } from "../support/fake-socket.ts";
import type { Dm20Client } from "../support/server.ts";
import { until } from "../support/table.ts";
import type { ServerProcess } from "./server-process.ts";

/** Lines, spoken by the engines that are there out of the box, on their way to their listeners. */
export function testLines(server: () => ServerProcess): void {
  test("a line reaches every listener: text first, then the same audio in sequence", async () => {
    const party = await joinAll(server());
    const text = "The dragon roars! Smoke fills the great hall of the dwarves.";
    const response = await server().speak({ text });
    expect(response.status).toBe(200);
    const report = await response.json();
    expect(report).toMatchObject({ delivered: true, listeners: 3, sentences: 2, engines: ["espeak"] });
    for (const client of party) {
      await until(() => client.clips.length === 2);
      const types = client.messages.map((message) => message.type);
      expect(types.indexOf("narrative")).toBeLessThan(types.indexOf("audio"));
      expect(client.of("narrative").map((message) => message.content)).toEqual([text]);
      expect(client.clips).toEqual(party[0]?.clips ?? []);
    }
    const clips = party[0]?.clips ?? [];
    for (const clip of clips) expectSpeech(clip);
    const heardMs = clips.reduce((sum, clip) => sum + clip.durationMs, 0);
    expect(Math.abs(heardMs - report.durationMs)).toBeLessThanOrEqual(2);
    // Eleven words take two to eleven seconds in any voice.
    expect(heardMs).toBeGreaterThan(2000);
    expect(heardMs).toBeLessThan(11_000);
    leave(party);
  });

  test("a story is told by Flite in English, and by eSpeak in any other language", async () => {
    await server().quiet();
    const elara = await server().join("elara");
    const story = { text: "Smoke fills the great hall of the dwarves.", context: "narration" };
    expect(await (await server().speak(story)).json()).toMatchObject({ delivered: true, engines: ["flite"] });
    const storia = {
      text: "Il fumo riempie la grande sala.",
      context: "narration",
      voice: { language: "it" },
    };
    expect(await (await server().speak(storia)).json()).toMatchObject({
      delivered: true,
      engines: ["espeak"],
    });
    await until(() => elara.clips.length === 2);
    for (const clip of elara.clips) expectSpeech(clip);
    elara.socket.close();
  });

  test("a whisper reaches its player and nobody else", async () => {
    const party = await joinAll(server());
    const [thorin, ...others] = party;
    await server().speak({ text: "The key is under the stone.", to: ["thorin"] });
    await server().speak({ text: "Onwards." });
    for (const client of party) await client.until("narrative", 1);
    expect(thorin?.of("private").map((message) => message.content)).toEqual(["The key is under the stone."]);
    for (const client of others) {
      await until(() => client.clips.length === 1);
      expect(client.of("private")).toEqual([]);
      expect(JSON.stringify(client.messages)).not.toContain("stone");
    }
    leave(party);
  });

  test("a text that is being written is spoken before it ends", async () => {
    await server().quiet();
    const elara = await server().join("elara");
    const dictation = server().dictate("to=elara&speaker=combat");
    await dictation.write("Roll for initi");
    await dictation.write("ative. And th");
    await until(() => elara.clips.length === 1);
    expect(elara.of("private").map((message) => message.content)).toEqual(["Roll for initiative."]);
    await dictation.write("en?");
    await dictation.end();
    const response = await dictation.response;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ delivered: true, sentences: 2 });
    elara.socket.close();
  });

  test("a text that comes byte by byte arrives whole, without what is no text", async () => {
    await server().quiet();
    const thorin = await server().join("thorin");
    const bytes = new TextEncoder().encode("The 🐉\0 roars\x1b.");
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const byte of bytes) {
          controller.enqueue(Uint8Array.of(byte));
          await Bun.sleep(2);
        }
        controller.close();
      },
    });
    const headers = { "Content-Type": "text/plain" };
    const answer = await server().call("/speak?speaker=mara%00", { method: "POST", headers, body });
    expect(await answer.json()).toMatchObject({ delivered: true });
    expect(thorin.of("narrative").map(({ content }) => content)).toEqual(["The 🐉\ufffd roars\ufffd."]);
    leave([thorin]);
  });

  test("a line that was answered at once can be cancelled", async () => {
    await server().quiet();
    const thorin = await server().join("thorin");
    const dictation = server().dictate("to=thorin");
    await dictation.write("A very long story begins. It never ends. And");
    await until(() => thorin.clips.length > 0);
    const { queue } = await (await server().call("/status")).json();
    const { utterance } = queue[0];
    const cancel = () => server().call(`/speak/${utterance}`, { method: "DELETE" });
    expect((await cancel()).status).toBe(200);
    expect(await (await dictation.response).json()).toMatchObject({ utterance, cancelled: true });
    expect((await cancel()).status).toBe(404);
    const answer = await server().speak({ text: "Next." }, { Prefer: "respond-async" });
    expect(answer.status).toBe(202);
    await thorin.until("narrative", 1);
    thorin.socket.close();
  });
}

/** All three players, connected. */
async function joinAll(server: ServerProcess): Promise<Dm20Client[]> {
  await server.quiet();
  return Promise.all(["thorin", "elara", "pip"].map((player) => server.join(player)));
}

function leave(party: readonly Dm20Client[]): void {
  for (const { socket } of party) socket.close();
}

/** A WAV whose header fits its bytes and its length, with a voice in it. */
export function expectSpeech({ bytes, durationMs }: ReceivedClip): void {
  const view = new DataView(bytes.buffer);
  const [rate, dataBytes] = [view.getUint32(24, true), view.getUint32(40, true)];
  expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("RIFF");
  expect(dataBytes).toBe(bytes.length - 44);
  // A clip is told from the one before with as many chunks by its duration: it may be a few ms more.
  expect(durationMs - Math.round((dataBytes / 2 / rate) * 1000)).toBeWithin(0, 10);
  const samples = new Int16Array(bytes.buffer, 44);
  expect(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeGreaterThan(3000);
}

import { expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { createWyomingEngine } from "../../../src/engines/services/wyoming.ts";
import {
  type WyomingEvent,
  WyomingReader,
  wyomingEvent,
} from "../../../src/engines/services/wyoming-wire.ts";
import { serve } from "../../../src/server/node.ts";
import type { VoiceConfig } from "../../../src/voices/voice-config.ts";
import { startServer } from "../../support/server.ts";
import { say } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const engine = new ToneEngine({ samplesPerChar: 400, failsOn: (text) => text.includes("unspeakable") });
/** Speaks until it is told to stop. */
const endless = {
  name: "endless",
  stopped: 0,
  async *synthesize(_text: string, _voice: VoiceConfig, { signal }: { signal?: AbortSignal } = {}) {
    yield { samples: new Float32Array(40_000).map((_, at) => 0.1 * Math.sin(at / 9)), sampleRate: 8000 };
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    this.stopped += 1;
  },
};
const server = await startServer({ engines: [engine], cache: false, wyoming: { port: 0 } });
const slow = await startServer({ engines: [endless], cache: false, wyoming: { port: 0 } });
const { party } = server;

/** A client as a program writes one: bytes go out, events come in. */
class Client implements Disposable {
  readonly events: WyomingEvent[] = [];
  isClosed = false;
  #looked = 0;
  readonly socket: Socket;

  constructor({ wyomingUrl = "" }: { wyomingUrl?: string } = server) {
    const reader = new WyomingReader();
    this.socket = connect(Number(new URL(wyomingUrl).port), "127.0.0.1");
    this.socket.on("data", (bytes: Buffer) => this.events.push(...reader.push(bytes)));
    this.socket.on("close", () => {
      this.isClosed = true;
    });
    this.socket.on("error", () => undefined);
  }

  send(type: string, data: Record<string, unknown> = {}): void {
    this.socket.write(wyomingEvent(type, data));
  }

  /** The next event of a type, behind those that were looked at before. */
  async next(type: string): Promise<WyomingEvent> {
    const next = (): number =>
      this.events.findIndex((event, at) => at >= this.#looked && event.type === type);
    await until(() => next() >= 0 || this.isClosed);
    const found = this.events[next()];
    this.#looked = next() + 1;
    return found ?? { type: "closed", data: {}, payload: new Uint8Array(0) };
  }

  types(): string[] {
    return this.events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Samples of all the sound that came. */
const soundIn = ({ events }: Client): number =>
  events.reduce((sum, { type, payload }) => sum + (type === "audio-chunk" ? payload.length / 2 : 0), 0);

test("whoever asks is told the voices: the narrator, characters, the engines' own", async () => {
  await party.characters.put("old_mara", { name: "Old Mara", voice: { language: "de" } });
  using client = new Client();
  client.send("describe");
  const [program] = (await client.next("info")).data.tts as Record<string, unknown>[];
  expect(program).toMatchObject({ name: "bardcast", installed: true, supports_synthesize_streaming: true });
  const voices = program?.voices as { name: string; languages: string[]; installed: boolean }[];
  expect(voices).toContainEqual(expect.objectContaining({ name: "dm", installed: true }));
  expect(voices).toContainEqual(
    expect.objectContaining({ name: "old_mara", description: "Old Mara", languages: ["de"] }),
  );
  client.send("ping", { text: "here?" });
  expect((await client.next("pong")).data).toEqual({ text: "here?" });
});

test("a text is spoken in the voice that is named, and its sound is whole", async () => {
  const thorin = await server.join("thorin");
  using client = new Client();
  client.send("synthesize", { text: "It is late. Go!", voice: { name: "Old Mara" } });
  await client.next("audio-stop");
  expect(client.types()).toEqual(["audio-start", "audio-chunk", "audio-stop"]);
  expect(client.events[0]?.data).toMatchObject({ rate: 24_000, width: 2, channels: 1 });
  expect(engine.asked.slice(-2)).toEqual(["It is late.", "Go!"]);
  expect(engine.voices.at(-1)?.language).toBe("de");
  let rendered = 0;
  for await (const { samples } of party.render({ text: "It is late. Go!", speaker: "old_mara" }))
    rendered += samples.length;
  expect(soundIn(client)).toBe(rendered);
  // On the same connection the next one, by a language alone.
  client.send("synthesize", { text: "Again.", voice: { language: "fr_FR" } });
  await client.next("audio-stop");
  expect(engine.voices.at(-1)?.voiceId).toBe("fr");
  expect(thorin.of("narrative")).toEqual([]);
  thorin.socket.close();
});

test("Bardcast's own engine for such servers speaks through it", async () => {
  const own = createWyomingEngine({ url: server.wyomingUrl });
  await own.warmup();
  const said = await say(own, "Hello.", { voiceId: "old_mara" });
  expect(said.samples.length).toBeGreaterThan(1000);
  expect(engine.asked.at(-1)).toBe("Hello.");
});

test("a text that is still being written is spoken sentence by sentence, once, and its end is told", async () => {
  using client = new Client();
  const asked = engine.asked.length;
  client.send("synthesize-start", { voice: { name: "old_mara" } });
  for (const text of ["The door cre", "aks open. No", "body "]) client.send("synthesize-chunk", { text });
  await client.next("audio-chunk");
  expect(engine.asked.slice(asked)).toEqual(["The door creaks open."]);
  client.send("synthesize-chunk", { text: "is there." });
  // As Home Assistant does, for servers that take no parts.
  client.send("synthesize", { text: "The door creaks open. Nobody is there." });
  client.send("synthesize-stop");
  await client.next("synthesize-stopped");
  expect(client.types()).toEqual(["audio-start", "audio-chunk", "audio-stop", "synthesize-stopped"]);
  expect(engine.asked.slice(asked)).toEqual(["The door creaks open.", "Nobody is there."]);
});

test("bytes may be cut anywhere", async () => {
  using client = new Client();
  for (const byte of wyomingEvent("synthesize", { text: "Zoë: 🐉 roars." })) {
    client.socket.write(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.next("audio-stop");
  expect(engine.asked.at(-1)).toContain("Zoë");
});

test.each([
  ["a text of nothing", "synthesize", { text: " " }, "text-empty"],
  ["no text", "synthesize", {}, "bad-request"],
  ["a text that is too long", "synthesize", { text: "x ".repeat(6000) }, "text-too-long"],
  ["a part of nothing", "synthesize-chunk", { text: "Run!" }, "bad-request"],
  ["a text that no engine can speak", "synthesize", { text: "unspeakable" }, "all-engines-failed"],
])("%s is refused by its code, and the connection ends", async (_what, type, data, code) => {
  using client = new Client();
  client.send(type, data);
  expect((await client.next("error")).data.code).toBe(code);
  await until(() => client.isClosed);
  expect(client.types()).toEqual(["error"]);
});

test("sound that breaks off never passes for a whole", async () => {
  using client = new Client();
  client.send("synthesize", { text: "It begins well. It is unspeakable in the end." });
  expect((await client.next("error")).data.code).toBe("all-engines-failed");
  await until(() => client.isClosed);
  expect(client.types()).toEqual(["audio-start", "audio-chunk", "error"]);
});

test("what is no Wyoming, or larger than any text, ends the connection", async () => {
  for (const bytes of [
    "GET / HTTP/1.1\r\n\r\n",
    `{"type":"synthesize","data_length":9000000}\n`,
    "x".repeat(300_000),
  ]) {
    using client = new Client();
    client.socket.write(bytes);
    await until(() => client.isClosed);
    expect(client.types()).toEqual(["error"]);
  }
});

test("whoever hangs up stops the engine, also while the text is still being written", async () => {
  const before = endless.stopped;
  const whole = new Client(slow);
  whole.send("synthesize", { text: "Now." });
  await whole.next("audio-chunk");
  whole[Symbol.dispose]();
  await until(() => endless.stopped === before + 1);
  const written = new Client(slow);
  written.send("synthesize-start");
  written.send("synthesize-chunk", { text: "Now. And" });
  await written.next("audio-chunk");
  written[Symbol.dispose]();
  await until(() => endless.stopped === before + 2);
});

test("of one connection eight texts wait, and no more", async () => {
  using client = new Client(slow);
  for (let count = 0; count < 9; count++) client.send("synthesize", { text: "Now." });
  expect((await client.next("error")).data.code).toBe("busy");
});

test("nobody is listened to unless it was asked for, and on this machine alone", async () => {
  const plain = await serve({ port: 0, host: "127.0.0.1", engines: [engine] });
  expect(plain.wyomingUrl).toBeUndefined();
  await plain.close();
  expect(server.wyomingUrl).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
});

test("a port that is taken is told by its number, and the table is not opened", async () => {
  const port = Number(new URL(server.wyomingUrl).port);
  const error = await serve({ port: 0, host: "127.0.0.1", engines: [engine], wyoming: { port } }).catch(
    (error) => error,
  );
  expect(error).toMatchObject({
    code: "EADDRINUSE",
    message: expect.stringContaining(`port ${port} of 127.0.0.1`),
  });
});

test("how much it is used is measured, by its door", async () => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const counted = (name: string): number =>
    Number(new RegExp(`^bardcast_${name}\\{door="wyoming"\\} (\\S+)$`, "m").exec(metrics)?.[1]);
  expect(counted("door_requests_total")).toBeGreaterThan(5);
  expect(counted("door_audio_seconds_total")).toBeGreaterThan(1);
  expect(counted("door_first_byte_seconds_count")).toBeGreaterThan(3);
  expect(metrics).toMatch(/^bardcast_errors_total\{code="text-empty",over="wyoming"\} 1$/m);
});

test("what docs/wyoming.md says is what is said", async () => {
  const page = await Bun.file(new URL("../../../docs/wyoming.md", import.meta.url)).text();
  const [, transcript = ""] = /^```transcript\n([\s\S]*?)^```$/m.exec(page) ?? [];
  using client = new Client();
  const told: string[] = [];
  for (const line of transcript.trim().split("\n")) {
    const [, mark = "", type = "", data] = /^([<>]) (\S+) ?(.*)$/.exec(line) ?? [];
    if (mark === ">") client.send(type, JSON.parse(data || "{}"));
    else {
      const event = await client.next(type);
      told.push(type);
      if (data) expect(event.data).toEqual(JSON.parse(data));
    }
  }
  expect(told.at(-1)).toBe("error");
});

test("a table that closes ends its connections", async () => {
  const other = await serve({ port: 0, host: "127.0.0.1", engines: [engine], wyoming: { port: 0 } });
  const client = new Client(other);
  client.send("describe");
  await client.next("info");
  await other.close();
  await until(() => client.isClosed);
});

import { expect, test } from "bun:test";
import { encodeWav } from "../../src/core/dsp/wav.ts";
import {
  type Audiences,
  AudioStreamManager,
  ConnectionManager,
  createParty,
  type MessageSender,
  type Synthesizer,
  TTSRouter,
  type VoiceSource,
} from "../../src/index.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const voices: VoiceSource = {
  getVoiceConfig: () => plainVoice("en-us"),
  getNpcVoice: () => ({ ...plainVoice("en-us"), speed: 1.2 }),
};
const samples = Float32Array.from({ length: 24_000 }, (_, at) => 0.3 * Math.sin(at / 9));
const wav: Synthesizer = { synthesize: async () => encodeWav(samples, 24_000) };

/** Somebody else's connections, which keep what they were to send. */
class Sent implements MessageSender {
  readonly sent: [to: string, type: string][] = [];
  readonly contents: unknown[] = [];

  async sendToPlayer(player: string, message: { type?: string; content?: string }): Promise<unknown> {
    return this.#note(player, message);
  }

  async broadcast(message: { type?: string; content?: string }): Promise<unknown> {
    return this.#note("*", message);
  }

  async #note(to: string, { type = "?", content }: { type?: string; content?: string }): Promise<void> {
    await Bun.sleep(0);
    this.sent.push([to, type]);
    if (content) this.contents.push([to, content]);
  }
}

/** To whom which kinds of messages went, each kind once where several follow one another. */
function runs(sent: readonly (readonly [string, string])[]): string[] {
  const told = sent.map(([to, type]) => `${type} to ${to}`);
  return told.filter((line, at) => line !== told[at - 1]);
}

test("{ sendToPlayer, broadcast } and { synthesize } are enough to say lines, and whispers reach one player", async () => {
  const connections = new Sent();
  const streams = new AudioStreamManager({ registry: voices, router: wav, connections });
  expect(await streams.streamToAll("Welcome.")).toBe(true);
  expect(await streams.streamToPlayer("thorin", "Psst.")).toBe(true);
  expect(runs(connections.sent)).toEqual([
    "narrative to *",
    "audio to *",
    "private to thorin",
    "audio to thorin",
  ]);
  expect(connections.contents).toEqual([
    ["*", "Welcome."],
    ["thorin", "Psst."],
  ]);
});

test("what is not known is not told: who everybody is, and a message that did not go out is not delivered", async () => {
  const connections = new Sent();
  const streams = new AudioStreamManager({ registry: voices, router: wav, connections });
  const report = await streams.speak({ text: "Welcome." }).done;
  expect(report).toMatchObject({
    delivered: true,
    listeners: 1,
    players: [{ player: "all", complete: true }],
  });
  for (const refuse of [() => false, () => 0, async () => false, () => Promise.reject(new Error("gone"))]) {
    const deaf = new AudioStreamManager({
      registry: voices,
      router: wav,
      connections: { sendToPlayer: refuse, broadcast: refuse },
    });
    expect(await deaf.streamToAll("Welcome.")).toBe(false);
    expect(await deaf.streamToPlayer("thorin", "Psst.")).toBe(false);
  }
});

test("one of several who cannot be reached is told apart", async () => {
  const connections = { sendToPlayer: (player: string) => player !== "pip", broadcast: () => undefined };
  const streams = new AudioStreamManager({ registry: voices, router: wav, connections });
  const { players } = await streams.speak({ text: "Psst.", to: ["pip", "thorin"] }).done;
  expect(players.map(({ player, complete }) => [player, complete])).toEqual([
    ["pip", false],
    ["thorin", true],
  ]);
});

test("clips of lines to all and of whispers are never mixed, however slowly they go out", async () => {
  const clips: [string, number, number][] = [];
  const note = async (to: string, message: object): Promise<void> => {
    await Bun.sleep(1);
    const { type, sequence, total_chunks } = message as {
      type: string;
      sequence: number;
      total_chunks: number;
    };
    if (type === "audio") clips.push([to, sequence, total_chunks]);
  };
  const connections = {
    sendToPlayer: (player: string, message: object) => note(player, message),
    broadcast: (message: object) => note("*", message),
  };
  const streams = new AudioStreamManager({ registry: voices, router: wav, connections });
  const lines = ["One.", "Two.", "Three."].flatMap((text) => [
    streams.streamToAll(text),
    streams.streamToPlayer("thorin", text),
  ]);
  expect(await Promise.all(lines)).toEqual(Array(6).fill(true));
  let open: string | undefined;
  for (const [to, sequence, total] of clips) {
    expect(open ?? to).toBe(to);
    open = sequence === total - 1 ? undefined : to;
  }
});

test.each([
  ["a WAV file", () => encodeWav(samples, 24_000)],
  ["a promise of it", async () => encodeWav(samples, 24_000)],
  ["a result", async () => ({ audio: encodeWav(samples, 24_000), format: "wav", durationMs: 1000 })],
  ["a result as Python writes it", () => ({ audio_data: encodeWav(samples, 24_000), sample_rate: 24_000 })],
  [
    "samples at a rate that is told",
    () => ({
      audio: Int16Array.from({ length: 16_000 }, (_, at) => 9_000 * Math.sin(at / 9)).buffer,
      sampleRate: 16_000,
    }),
  ],
  [
    "pieces",
    async function* () {
      yield { samples: samples.slice(), sampleRate: 24_000 };
    },
  ],
])("an engine may answer with %s", async (_what, synthesize) => {
  const router = new TTSRouter({
    engines: [{ name: "mine", synthesize: synthesize as Synthesizer["synthesize"] }],
  });
  const { engine, durationMs } = await router.synthesize("Hello.", plainVoice("en-us"));
  expect(engine).toBe("mine");
  expect(Math.abs(durationMs - 1000)).toBeLessThan(50);
});

test("speed is made once: by the engine, or here where it says that it does not", async () => {
  const speed = async (given: Partial<Synthesizer>): Promise<number> => {
    const router = new TTSRouter({ engines: [{ ...wav, ...given }] });
    return (await router.synthesize("Hello.", { ...plainVoice("en-us"), speed: 2 })).durationMs;
  };
  expect(await speed({})).toBe(1000);
  const capabilities = { streaming: false, wordTimes: false, prosody: { speed: false, pitch: false } };
  expect(Math.abs((await speed({ capabilities })) - 500)).toBeLessThan(50);
});

test("an answer that is neither bytes nor has any is an engine's failure, and the next one speaks", async () => {
  for (const answer of [undefined, null, 7, "sound", {}, { audio: "sound" }]) {
    const strange = { name: "strange", synthesize: () => answer as never };
    const router = new TTSRouter({ engines: [strange, { ...wav, name: "well" }] });
    expect((await router.synthesize("Hello.", plainVoice("en-us"))).engine).toBe("well");
  }
});

test("one that has every part of an engine may answer with bytes, too, or with a promise of pieces", async () => {
  const tone = new ToneEngine();
  const whole = {
    name: "whole",
    capabilities: { streaming: false, wordTimes: false },
    supportedLanguages: () => ["*"],
    isAvailable: async () => true,
    warmup: async () => undefined,
    shutdown: async () => undefined,
  };
  const bytes = async () => ({ audio_data: encodeWav(samples, 24_000), sample_rate: 24_000 });
  const pieces = async () => tone.synthesize("Hello.", plainVoice("en-us"));
  for (const synthesize of [bytes, pieces as never as typeof bytes]) {
    const router = new TTSRouter({ engines: [{ ...whole, synthesize }] });
    expect((await router.synthesize("Hello.", plainVoice("en-us"))).engine).toBe("whole");
  }
});

test("a table is set with other connections, voices and a router, each as small as they can be", async () => {
  const connections = new Sent();
  const party = await createParty({ connections, registry: voices, router: wav, players: ["thorin"] });
  try {
    expect(await party.streamToAll("Welcome.")).toBe(true);
    expect(runs(connections.sent)).toEqual(["narrative to *", "audio to *"]);
    const { engines, players } = await party.status();
    expect(engines.map(({ name }) => name)).toEqual(["custom"]);
    expect(players.map(({ id, connections }) => [id, connections])).toEqual([["thorin", 0]]);
    expect(party.connections.getConnectedPlayers()).toEqual([]);
    expect(() => party.registry.setNpcVoice("mara", { voice_id: "fr" })).toThrow("somebody else's");
  } finally {
    await party.close();
  }
});

test("objects of the same shape as the classes have, with nothing private, take their place", async () => {
  const real = new ConnectionManager();
  const audiences: Audiences = {
    connectionsOf: (audience) => real.connectionsOf(audience),
    onChange: (listener) => real.onChange(listener),
    silenceMs: 1000,
  };
  const router = new TTSRouter({ engines: [wav] });
  const streams = new AudioStreamManager({
    registry: voices,
    router: { speak: (job, options) => router.speak(job, options) },
    connections: audiences,
  });
  const socket = new FakeSocket();
  real.connect(socket, "thorin");
  expect(await streams.streamToPlayer("thorin", "Psst.")).toBe(true);
});

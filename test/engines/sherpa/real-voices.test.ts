import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { hasPart, REAL_VOICES } from "../../../scripts/real-parts.ts";
import { createSherpaEngine } from "../../../src/engines/sherpa/sherpa.ts";
import { createSpeechHost } from "../../../src/pool/create-speech-host.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";
import { Recogniser } from "../../support/ear/recogniser.ts";
import { wordErrors, wordsOf } from "../../support/ear/word-errors.ts";
import { heardOf } from "../../support/heard.ts";
import { hasMeter, measure } from "../../support/meter.ts";
import { mustRun, tool } from "../../support/run.ts";
import { startServer } from "../../support/server.ts";
import { until } from "../../support/table.ts";
import { V2SocketClient } from "../../support/v2-socket-client.ts";

const TEXT = "The tavern owes you fifteen gold pieces, and the keeper wants them today.";
const PROGRAM = "test/fixtures/engines/real-voice.mjs";
/** A model is loaded in a second or two, unless the machine is busy with other things. */
const PATIENCE = { timeoutMs: 170_000 };
/** What a process grows by, at the least, when it has the model. */
const MODEL_MB = 60;
/** What is published, on each runtime, and where there are no processes. */
const WAYS: readonly [name: string, command: string[], kind: string][] = [
  ["Bun", [process.execPath], "native"],
  ["Node.js", ["node"], "native"],
  ["Deno", [tool("deno"), "run", "--no-prompt", "--allow-all"], "native"],
  ["WebAssembly", ["node"], "wasm"],
];

describe.skipIf(!hasPart("joe"))("a real Piper voice", () => {
  const recogniser = hasPart("ear") ? new Recogniser() : undefined;
  afterAll(() => recogniser?.[Symbol.asyncDispose]());

  test.each(WAYS)(
    "speaks on %s, and is understood",
    async (_name, command, kind) => {
      const printed = await mustRun([...command, PROGRAM, kind, REAL_VOICES, "joe", TEXT], PATIENCE);
      const { sampleRate, sound } = JSON.parse(printed) as { sampleRate: number; sound: string };
      const samples = new Float32Array(Uint8Array.from(Buffer.from(sound, "base64")).buffer);
      expect(sampleRate).toBe(22_050);
      expect(samples.length / sampleRate).toBeWithin(3, 7);
      if (!recogniser) return;
      const heard = await recogniser.hear(samples, sampleRate);
      const [errors] = wordErrors(wordsOf(TEXT), wordsOf(heard));
      expect(errors > 1 ? heard : "understood").toBe("understood");
    },
    60_000,
  );

  test("is loaded before anybody says a line", async () => {
    const options = { voicesDir: REAL_VOICES };
    const before = children();
    const host = await createSpeechHost({ engines: [{ engine: "sherpa", options }] });
    const [child = 0] = children().filter((pid) => !before.includes(pid));
    const bareMb = residentMb(child);
    await host.engines[0]?.load?.({ ...plainVoice("en-us"), voiceId: "joe" });
    await until(() => residentMb(child) > bareMb + MODEL_MB);
    await host.close();
  }, 60_000);

  holdsLevel("joe");
  outlivesItsProcess("joe");
});

/** Kokoro needs some seconds of work for each second of speech: only where it is asked for. */
describe.skipIf(!hasPart("kokoro") || process.env.LONG === undefined)("real Kokoro voices", () => {
  for (const name of ["af_heart", "am_adam", "bf_emma", "bm_george"]) holdsLevel(`kokoro/${name}`);
  outlivesItsProcess("kokoro/af_heart");
});

function holdsLevel(voiceId: string): void {
  test.skipIf(!hasMeter)(
    `${voiceId} is as loud as all others from the second sentence on`,
    async () => {
      const engine = createSherpaEngine({ voicesDir: REAL_VOICES, native: true });
      const voice = { ...plainVoice("en-us"), voiceId };
      const first = await heardOf(engine, TEXT, voice);
      const second = await heardOf(
        engine,
        "Who dares to wake the keeper in the middle of the night?",
        voice,
        first.level,
      );
      expect((await measure(first.samples)).lufs).toBeWithin(-21, -15);
      const { lufs, truePeak } = await measure(second.samples);
      expect(lufs).toBeWithin(-19, -17);
      expect(truePeak).toBeLessThanOrEqual(-1);
    },
    300_000,
  );
}

function outlivesItsProcess(voiceId: string): void {
  test(`${voiceId}, whose process is killed in the middle of a line, is followed by the next engine, and no word is lost`, async () => {
    const sherpa = { engine: "sherpa", options: { voicesDir: REAL_VOICES } } as const;
    const before = children();
    const server = await startServer({ engines: [sherpa, "espeak"], cache: false });
    const client = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue("thorin")}`);
    await client.greet({ codecs: ["opus"] });
    const text = Array.from(
      { length: 12 },
      (_, count) => `This is sentence number ${count + 1}, and it goes on.`,
    );
    const voice = { voice_id: voiceId, engine: "sherpa" };
    const line = server.speak({ text: text.join(" "), to: ["thorin"], voice });
    await until(() => client.frames.length > 3);
    for (const child of children()) if (!before.includes(child)) process.kill(child, "SIGKILL");
    const report = await (await line).json();
    // The sentence that broke off is read by whoever heard its beginning, and everything behind it is spoken.
    expect(report.sentences).toBe(12);
    expect(report.engines).toContain("espeak");
    expect(report.problems).toMatchObject([{ code: "worker-lost" }]);
    const told = new Map(client.of("speech.text").map((message) => [message.sentence, message.text.trim()]));
    expect([...told.values()]).toEqual(text);
    expect(client.of("speech.end").map(({ durationMs }) => durationMs > 11_000)).toEqual([true]);
    client.socket.close();
  }, 300_000);
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** Processes that this one has started, as Linux knows them. */
function children(): number[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter(Boolean)
    .map(Number);
}

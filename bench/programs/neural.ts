/** Real neural voices, said by the engine alone in this process, and through the pool by the process beside it. */
import { readdirSync, readFileSync } from "node:fs";
import type { SentenceJob, SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { createSherpaEngine } from "../../src/engines/sherpa/sherpa.ts";
import { createSpeechHost } from "../../src/pool/create-speech-host.ts";
import { plainVoice, type VoiceConfig } from "../../src/voices/voice-config.ts";
import { answer, argument } from "../support/answer.ts";

/** Some five seconds, in four clauses. */
const TEXT =
  "The old bridge creaks under your boots, and far below, in the mist, something large turns over in its sleep.";
/** Ticks of the kernel's clock in a second. */
const TICKS = 100;

/** ms until the first sound, until all of it is made, of work for it, and of how much sound. */
export interface Spoken {
  firstMs: number;
  allMs: number;
  cpuMs: number;
  audioMs: number;
}

const { voiceId, voicesDir } = argument<{ voiceId: string; voicesDir: string }>();
const voice: VoiceConfig = { ...plainVoice("en-us"), voiceId };
const alone = createSherpaEngine({ voicesDir, native: true });
const inWasm = createSherpaEngine({ voicesDir });
const before = children();
const host = await createSpeechHost({ engines: [{ engine: "sherpa", options: { voicesDir } }] });
const [child = 0] = children().filter((pid) => !before.includes(pid));
const [hosted] = host.engines;
if (!hosted) throw new Error("there is no engine");
const ours: SpeakingEngine = hosted;

async function measured(
  pid: number,
  say: (spoken: Omit<Spoken, "cpuMs">, start: number) => Promise<void>,
): Promise<Spoken> {
  const [start, cpu] = [performance.now(), cpuMs(pid)];
  const spoken = { firstMs: 0, allMs: 0, audioMs: 0 };
  await say(spoken, start);
  return { ...spoken, allMs: performance.now() - start, cpuMs: cpuMs(pid) - cpu };
}

const sayAlone = (engine: typeof alone): Promise<Spoken> =>
  measured(process.pid, async (spoken, start) => {
    for await (const { samples, sampleRate } of engine.synthesize(TEXT, voice, { whole: true })) {
      if (samples.length > 0) spoken.firstMs ||= performance.now() - start;
      spoken.audioMs += (samples.length * 1000) / sampleRate;
    }
  });

/** To frames of Opus, as a line's first sentence. */
const sayOurs = (): Promise<Spoken> =>
  measured(child, async (spoken, start) => {
    const job: SentenceJob = {
      text: TEXT,
      voice,
      encodings: ["opus"],
      chunkBytes: 4096,
      bitrates: { opus: 24_000, "opus-low": 12_000 },
      aheadMs: 0,
    };
    for await (const event of ours.speak(job)) {
      if (event.type === "frame") spoken.firstMs ||= performance.now() - start;
      if (event.type === "end") spoken.audioMs = event.durationMs;
    }
  });

answer({
  alone: () => sayAlone(alone),
  ours: sayOurs,
  async twice(): Promise<Spoken> {
    const start = performance.now();
    const [one] = await Promise.all([sayOurs(), sayOurs()]);
    return { ...one, allMs: performance.now() - start };
  },
  wasm: () => sayAlone(inWasm),
  /** KB that are resident: here, or in the process beside. */
  residentKb: (where: "here" | "beside") => residentKb(where === "here" ? process.pid : child),
});

/** Processes that this one has started, as Linux knows them. */
function children(): number[] {
  const tasks = `/proc/${process.pid}/task`;
  return readdirSync(tasks).flatMap((task) =>
    readFileSync(`${tasks}/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** ms of CPU that a process and all its threads have used. */
function cpuMs(pid: number): number {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const fields = rest.split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

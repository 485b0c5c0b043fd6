import { readFileSync } from "node:fs";
import { hasPart, REAL_VOICES } from "../scripts/real-parts.ts";
import type { SentenceJob, SpeakingEngine } from "../src/engines/contract/sentence-job.ts";
import { createSherpaEngine } from "../src/engines/sherpa/sherpa.ts";
import { createSpeechHost } from "../src/pool/create-speech-host.ts";
import { plainVoice, type VoiceConfig } from "../src/voices/voice-config.ts";
import { quantile, type Row, ratioRow } from "./row.ts";

/** Some five seconds, in four clauses. */
const TEXT =
  "The old bridge creaks under your boots, and far below, in the mist, something large turns over in its sleep.";
const ROUNDS = 3;
const VOICES = [
  ["joe", "joe"],
  ["kokoro", "kokoro/af_heart"],
] as const;

/** ms until the first sound, until all of it is made, and of how much sound. */
interface Spoken {
  firstMs: number;
  allMs: number;
  audioMs: number;
}

/** Real neural voices: what the process, the pool and the way to frames cost, beside the engine alone on this thread. */
export async function neural(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [part, voiceId] of VOICES) {
    if (hasPart(part)) rows.push(...(await measured({ ...plainVoice("en-us"), voiceId })));
  }
  if (rows.length === 0) throw new Error("no real voice is here: bun scripts/real-parts.ts --all");
  return rows;
}

async function measured(voice: VoiceConfig): Promise<Row[]> {
  const before = residentKb(process.pid);
  const alone = createSherpaEngine({ voicesDir: REAL_VOICES, native: true });
  const sayAlone = async (): Promise<Spoken> => {
    const start = performance.now();
    const spoken = { firstMs: 0, allMs: 0, audioMs: 0 };
    for await (const { samples, sampleRate } of alone.synthesize(TEXT, voice, { whole: true })) {
      if (samples.length > 0) spoken.firstMs ||= performance.now() - start;
      spoken.audioMs += (samples.length * 1000) / sampleRate;
    }
    return { ...spoken, allMs: performance.now() - start };
  };
  await sayAlone();
  const aloneKb = residentKb(process.pid) - before;
  const others = children();
  const host = await createSpeechHost({
    engines: [{ engine: "sherpa", options: { voicesDir: REAL_VOICES } }],
  });
  const [child = 0] = children().filter((pid) => !others.includes(pid));
  const bareKb = residentKb(child);
  const [engine] = host.engines;
  if (!engine) throw new Error("there is no engine");
  await say(engine, voice);
  const childKb = residentKb(child) - bareKb;
  const sides: Record<"alone" | "ours" | "twice", Spoken[]> = { alone: [], ours: [], twice: [] };
  for (let round = 0; round < ROUNDS; round++) {
    sides.alone.push(await sayAlone());
    sides.ours.push(await say(engine, voice));
    const start = performance.now();
    const [one] = await Promise.all([say(engine, voice), say(engine, voice)]);
    sides.twice.push({ ...one, allMs: performance.now() - start });
  }
  await host.close();
  await alone.shutdown();
  const median = (of: Spoken[], figure: (spoken: Spoken) => number): number => quantile(of.map(figure), 0.5);
  const controlName = "the engine alone, the sentence whole";
  const row = (name: string, value: number, control: number, unit: string, most: number): Row =>
    ratioRow(`${voice.voiceId}: ${name}`, { value, control, unit, controlName }, most);
  const rtf = ({ allMs, audioMs }: Spoken): number => allMs / audioMs;
  const { alone: control, ours, twice } = sides;
  return [
    row(
      "first sound of a sentence of 5 s",
      median(ours, ({ firstMs }) => firstMs),
      median(control, ({ firstMs }) => firstMs),
      "ms",
      0.6,
    ),
    row("work for a second of speech", median(ours, rtf), median(control, rtf), "s", 1.25),
    row(
      "two sentences at once",
      median(twice, ({ allMs }) => allMs),
      2 * median(control, ({ allMs }) => allMs),
      "ms",
      1.25,
    ),
    row("memory of the model", childKb / 1024, aloneKb / 1024, "MB", 1.25),
  ];
}

/** To frames of Opus, as a line's first sentence. */
async function say(engine: SpeakingEngine, voice: VoiceConfig): Promise<Spoken> {
  const job: SentenceJob = {
    text: TEXT,
    voice,
    encodings: ["opus"],
    chunkBytes: 4096,
    bitrates: { opus: 24_000, "opus-low": 12_000 },
    aheadMs: 0,
  };
  const start = performance.now();
  const spoken = { firstMs: 0, allMs: 0, audioMs: 0 };
  for await (const event of engine.speak(job)) {
    if (event.type === "frame") spoken.firstMs ||= performance.now() - start;
    if (event.type === "end") spoken.audioMs = event.durationMs;
  }
  return { ...spoken, allMs: performance.now() - start };
}

/** Processes that this one has started, as Linux knows them. */
function children(): number[] {
  const listed = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  return listed.split(" ").filter(Boolean).map(Number);
}

function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

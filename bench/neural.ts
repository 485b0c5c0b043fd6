import { hasPart, REAL_VOICES } from "../scripts/real-parts.ts";
import type { Spoken } from "./programs/neural.ts";
import { quantile, type Row, ratioRow } from "./row.ts";
import { Program } from "./support/program.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

/** Parts, voices, and how often each says its sentence: Kokoro takes four times as long as it speaks, or more. */
const VOICES = [
  { part: "joe", voiceId: "joe", rounds: 3, isQuick: true },
  { part: "kokoro", voiceId: "kokoro/af_heart", rounds: 1, isQuick: false },
] as const;
type Voice = (typeof VOICES)[number];

/** Real neural voices: what the process, the pool and the way to frames cost, beside the engine alone on one thread. */
export async function neural(runtime: RuntimeName): Promise<Row[]> {
  const rows: Row[] = [];
  for (const voice of VOICES) if (hasPart(voice.part)) rows.push(...(await measured(runtime, voice)));
  if (rows.length === 0) throw new Error("no real voice is here: bun scripts/real-parts.ts --all");
  return rows;
}

async function measured(runtime: RuntimeName, { voiceId, rounds, isQuick }: Voice): Promise<Row[]> {
  await using program = await Program.start(runtime, "neural", { voiceId, voicesDir: REAL_VOICES });
  const say = (how: "alone" | "ours" | "twice" | "wasm"): Promise<Spoken> => program.call(how);
  const residentMb = async (where: "here" | "beside"): Promise<number> =>
    (await program.call<number>("residentKb", where)) / 1024;
  const bare = { here: await residentMb("here"), beside: await residentMb("beside") };
  await say("alone");
  const aloneMb = (await residentMb("here")) - bare.here;
  await say("ours");
  const oursMb = (await residentMb("beside")) - bare.beside;
  const sides: Record<"alone" | "ours" | "twice", Spoken[]> = { alone: [], ours: [], twice: [] };
  for (let round = 0; round < rounds; round++)
    for (const how of ["alone", "ours", "twice"] as const) sides[how].push(await say(how));
  // The first one loads the model.
  const wasm = isQuick ? [await say("wasm"), await say("wasm")].slice(1) : [];
  const median = (of: Spoken[], figure: (spoken: Spoken) => number): number => quantile(of.map(figure), 0.5);
  const controlName = "the engine alone, the sentence whole";
  const row = (name: string, value: number, control: number, unit: string, most: number): Row =>
    ratioRow(`${voiceId}: ${name}`, { value, control, unit, controlName }, most);
  const { alone: control, ours, twice } = sides;
  const first = ({ firstMs }: Spoken): number => firstMs;
  const all = ({ allMs }: Spoken): number => allMs;
  const wall = ({ allMs, audioMs }: Spoken): number => allMs / audioMs;
  const cpu = ({ cpuMs, audioMs }: Spoken): number => cpuMs / audioMs;
  return [
    row("first sound of a sentence of 5 s", median(ours, first), median(control, first), "ms", 0.6),
    row("time for a second of speech", median(ours, wall), median(control, wall), "s", 1.25),
    row("CPU for a second of speech", median(ours, cpu), median(control, cpu), "s", 1.25),
    row("two sentences at once", median(twice, all), 2 * median(control, all), "ms", 1.25),
    row("memory of the model", oursMb, aloneMb, "MB", 1.25),
    ...(isQuick
      ? [row("CPU for a second of speech, WebAssembly", median(wasm, cpu), median(control, cpu), "s", 8)]
      : []),
  ];
}

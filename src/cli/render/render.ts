import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { createParty } from "../../party/create-party.ts";
import type { Party } from "../../party/party.ts";
import { requestOf } from "../../party/request/resolved-request.ts";
import { memoryStore } from "../../voices/text-store.ts";
import { VoiceRegistry } from "../../voices/voice-registry.ts";
import { commandLine } from "../command-line.ts";
import { chooseEngines } from "../engines.ts";
import { EXIT } from "../exit-codes.ts";
import { enginesOf, UsageError } from "../options.ts";
import { stopSignal } from "../stop-signal.ts";
import { speakerOf } from "../table/table-options.ts";
import { tellFailure } from "../tell-failure.ts";
import { say, sayJson, warn } from "../terminal.ts";
import { ProgressLine } from "../voices/progress-line.ts";
import type { TypedRenderOptions } from "./render-options.ts";
import { SOUND_FORMATS, SoundFile } from "./sound-file.ts";

/** Characters of a text: a chapter, some six hours of speech. */
const MAX_CHARS = 300_000;

/** What was written. */
interface Written {
  file: string;
  durationMs: number;
  bytes: number;
  sentences: number;
  engines: string[];
}

/** `render`: writes a text, or stdin, as speech into a file; resolves with the exit code. */
export async function runRender(text: string | undefined, typed: TypedRenderOptions): Promise<number> {
  try {
    const format = SOUND_FORMATS[/\.(\w+)$/.exec(typed.out)?.[1]?.toLowerCase() ?? ""];
    if (!format) throw new UsageError("--out ends in .wav, .opus or .ogg");
    const line = requestOf({ text: text ?? stdin(), to: "all", ...speakerOf(typed) });
    const abort = new AbortController();
    void stopSignal().then(() => abort.abort(new BardcastError("cancelled", "stopped; nothing was written")));
    const party = await setParty(typed);
    try {
      const sound = party.streams.render({ ...line, signal: abort.signal });
      const written = await write(sound, typed.out, format);
      if (typed.json) sayJson(written);
      else tell(written);
    } catch (error) {
      throw abort.signal.aborted ? abort.signal.reason : error;
    } finally {
      await party.close();
    }
    return EXIT.done;
  } catch (error) {
    return tellFailure(error, `See ${commandLine("render --help")}`);
  }
}

/** A party without anybody: the campaign's voices, and engines as a table has them. Nothing is written in the folder. */
async function setParty({ campaign, engine }: TypedRenderOptions): Promise<Party> {
  const path = join(campaign, "voice_registry.yaml");
  const kept = await readFile(path, "utf8").catch(() => undefined);
  const registry = await VoiceRegistry.open({ ...memoryStore(kept), name: path }, { log: warn });
  const engines = await chooseEngines(enginesOf(engine));
  return createParty({ engines, registry, cache: false, maxChars: MAX_CHARS, pool: { size: 1 }, log: warn });
}

async function write(
  sound: ReturnType<Party["streams"]["render"]>,
  path: string,
  format: "wav" | "opus",
): Promise<Written> {
  const engines = new Set<string>();
  let sentences = 0;
  const line = process.stderr.isTTY ? new ProgressLine(process.stderr, basename(path)) : undefined;
  await using file = await SoundFile.create(path, format).catch((cause) => {
    throw new BardcastError("internal", `${path} cannot be written (${messageOf(cause)})`, { cause });
  });
  try {
    for await (const { samples, engine, sentence } of sound) {
      engines.add(engine);
      sentences = sentence + 1;
      await file.push(samples);
      line?.say(`${(file.durationMs / 1000).toFixed(1)} s of speech`);
    }
    const bytes = await file.finish();
    return { file: path, durationMs: Math.round(file.durationMs), bytes, sentences, engines: [...engines] };
  } finally {
    line?.end();
  }
}

function tell({ file, durationMs, sentences, engines }: Written): void {
  const many = sentences === 1 ? "one sentence" : `${sentences} sentences`;
  say(`${file}: ${(durationMs / 1000).toFixed(1)} s, ${many}, spoken by ${engines.join(", ")}`);
}

async function* stdin(): AsyncGenerator<string, void, undefined> {
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) yield String(part);
}

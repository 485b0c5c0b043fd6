import { which } from "bun";

/** Whether ffmpeg is here, which makes the formats of which there is no writer of ours. */
export const hasFfmpeg: boolean = which("ffmpeg") !== null;

/** Mono sound at 24 kHz as a file of a format. @param options of ffmpeg's output, e.g. `-f flac` */
export async function ffmpeg(samples: Float32Array<ArrayBuffer>, options: string): Promise<Uint8Array> {
  const command = [
    "ffmpeg",
    "-v",
    "error",
    "-f",
    "f32le",
    "-ar",
    "24000",
    "-ac",
    "1",
    "-i",
    "-",
    ...options.split(" "),
    "-",
  ];
  const { stdout, stderr, exited } = Bun.spawn(command, {
    stdin: new Uint8Array(samples.buffer),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [bytes, told] = await Promise.all([new Response(stdout).bytes(), new Response(stderr).text()]);
  if ((await exited) !== 0) throw new Error(`ffmpeg ${options}: ${told}`);
  return bytes;
}

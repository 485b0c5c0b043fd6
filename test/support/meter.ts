import { which } from "bun";
import { encodeWav } from "../../src/core/dsp/wav.ts";

/** Whether there is an independent loudness meter here: ffmpeg, with its `ebur128`. */
export const hasMeter: boolean = which("ffmpeg") !== null;

/** Mono sound at 24 kHz as ffmpeg hears it: integrated loudness in LUFS, true peak in dBTP. */
export async function measure(samples: Float32Array): Promise<{ lufs: number; truePeak: number }> {
  const command = "ffmpeg -hide_banner -nostats -i - -filter_complex ebur128=peak=true -f null -";
  const { stderr } = Bun.spawn(command.split(" "), {
    stdin: encodeWav(samples, 24_000),
    stdout: "ignore",
    stderr: "pipe",
  });
  // Where the channel's layout is found out on the way, there is an empty summary before.
  const summary = (await new Response(stderr).text()).split("Summary:").at(-1) ?? "";
  const value = (label: string): number => Number(new RegExp(`${label}:\\s+(\\S+)`).exec(summary)?.[1]);
  return { lufs: value("I"), truePeak: value("Peak") };
}

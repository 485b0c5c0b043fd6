import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resampler } from "../../../src/core/dsp/resample.ts";
import { MARKER_RATE } from "./markers.ts";

/** Hz of the sink, as sound cards have it. */
const SINK_RATE = 48_000;

/** Chromium plays to two channels here, whatever the sink has: one for each of two pages. */
export const CHANNELS = 2;

/** A sound card that is not there, with a channel for either page, and one recording of both. */
export class PulseSink {
  readonly env: Record<string, string>;
  readonly #folder: string;
  readonly #daemon: Bun.Subprocess;
  #recorder: Bun.Subprocess | undefined;

  static get isThere(): boolean {
    return Bun.which("pulseaudio") !== null && Bun.which("parec") !== null;
  }

  /** With a microphone that hears what the sink plays: Chromium offers no monitors, but a source that is made of one. */
  static async open(): Promise<PulseSink> {
    const sink = new PulseSink();
    for (let tries = 0; tries < 50; tries++) {
      const { exitCode } = Bun.spawnSync(["pactl", "set-default-source", "microphone"], {
        env: { ...process.env, ...sink.env },
        stdio: ["ignore", "ignore", "ignore"],
      });
      if (exitCode === 0) return sink;
      await Bun.sleep(100);
    }
    throw new Error("PulseAudio does not answer");
  }

  private constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "bardcast-pulse-"));
    const socket = join(this.#folder, "native");
    this.env = { PULSE_SERVER: `unix:${socket}`, PULSE_RUNTIME_PATH: this.#folder, HOME: this.#folder };
    const modules = [
      `module-null-sink sink_name=table rate=${SINK_RATE} channels=${CHANNELS}`,
      "module-remap-source source_name=microphone master=table.monitor channels=1 channel_map=mono",
      `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ];
    const load = modules.flatMap((module) => ["-L", module]);
    this.#daemon = Bun.spawn(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", ...load], {
      env: { ...process.env, ...this.env },
      stdio: ["ignore", "ignore", "ignore"],
    });
  }

  /** Records from now on. */
  record(): void {
    const format = ["--format=float32le", `--rate=${SINK_RATE}`, `--channels=${CHANNELS}`];
    this.#recorder = Bun.spawn(["parec", "-d", "table.monitor", ...format, "--latency-msec=20"], {
      env: { ...process.env, ...this.env },
      stdio: ["ignore", Bun.file(join(this.#folder, "recording")), "ignore"],
    });
  }

  /** What every channel gave out since, at the rate of the marks. */
  async recorded(): Promise<Float32Array[]> {
    this.#recorder?.kill();
    await this.#recorder?.exited;
    const bytes = await Bun.file(join(this.#folder, "recording")).arrayBuffer();
    const all = new Float32Array(bytes.slice(0, bytes.byteLength - (bytes.byteLength % (4 * CHANNELS))));
    return Array.from({ length: CHANNELS }, (_, channel) => {
      const own = Float32Array.from(
        { length: all.length / CHANNELS },
        (_, frame) => all[frame * CHANNELS + channel] as number,
      );
      return new Resampler(SINK_RATE, MARKER_RATE).push(own);
    });
  }

  async close(): Promise<void> {
    this.#daemon.kill();
    await this.#daemon.exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Sends a page's sound to one channel of its device, so much later than it knows. Runs in the page before its own scripts.
 */
export function routeToChannel({
  channel,
  channels,
  delayMs = 0,
}: {
  channel: number;
  channels: number;
  delayMs?: number;
}): void {
  const delays = new WeakMap<BaseAudioContext, DelayNode>();
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  (AudioNode.prototype as { connect: unknown }).connect = function (this: AudioNode, ...args: unknown[]) {
    const { destination } = this.context;
    if (args[0] !== destination || this instanceof ChannelMergerNode) return connect.apply(this, args);
    let delay = delays.get(this.context);
    if (!delay) {
      destination.channelCount = channels;
      destination.channelInterpretation = "discrete";
      const merger = this.context.createChannelMerger(channels);
      connect.call(merger, destination);
      delay = this.context.createDelay(1);
      delay.delayTime.value = delayMs / 1000;
      connect.call(delay, merger, 0, channel);
      delays.set(this.context, delay);
    }
    return connect.call(this, delay);
  };
}

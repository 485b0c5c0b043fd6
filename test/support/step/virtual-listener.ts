import { BlockOutput } from "../../../src/client/output/in-step/block-output.ts";
import { BlockSpeaker } from "../../../src/client/output/in-step/block-speaker.ts";
import { Loudspeaker } from "../../../src/client/output/in-step/loudspeaker.ts";
import type { RingOutput } from "../../../src/client/output/in-step/ring-output.ts";
import { WorkletOutput } from "../../../src/client/output/in-step/worklet-output.ts";
import { probeGapMs } from "../../../src/core/clock/probe-plan.ts";
import { type ClockEcho, RemoteClock } from "../../../src/core/clock/remote-clock.ts";
import { FakeAudioContext } from "../../client/fake-audio.ts";
import type { Random } from "../random.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { type DelayProfile, VirtualLink } from "../virtual-link.ts";
import type { VirtualTime } from "../virtual-time.ts";
import { VirtualPort } from "./virtual-port.ts";
import { VirtualWorklet } from "./virtual-worklet.ts";

const QUANTUM = 128;
/** Frames that a device asks for at once, and ms that it asks ahead. */
const BATCH = 512;
const AHEAD_MS = 40;
const STAMP_MS = 25;

export interface ListenerOptions {
  network: DelayProfile;
  path: "worklet" | "blocks";
  /** Hz; 24,000 by default. */
  sampleRate?: number;
  /** ms by which timestamps of the output are off at random, and by a saw's teeth. */
  stampNoiseMs?: number;
  stampSawMs?: number;
  /** ms by which sound leaves the device later than it says; below 0: earlier. */
  hiddenMs?: number;
  /** ms that its slider stands at. */
  trimMs?: number;
  /** The page's thread is busy for so long, so often. */
  busy?: { ms: number; everyMs: number };
}

/** Sound of a line on its way. */
export interface VirtualFrame {
  startAt: number;
  pts: number;
  samples: Float32Array<ArrayBuffer>;
}

/**
 * A device at a table on virtual time: the real clock, loudspeaker, renderer and worklet, with clocks that
 * drift, a network that delays, and an audio device that has its own idea of time.
 */
export class VirtualListener {
  /** A server that starts anew gets another one. */
  clock: RemoteClock = new RemoteClock();
  readonly loudspeaker: Loudspeaker;
  readonly local: VirtualClock;
  readonly device: VirtualClock;
  readonly sampleRate: number;
  down: VirtualLink<ClockEcho | VirtualFrame>;
  readonly #time: VirtualTime;
  readonly #server: VirtualClock;
  readonly #random: Random;
  readonly #options: ListenerOptions;
  readonly #worklet: VirtualWorklet | undefined;
  readonly #context: FakeAudioContext;
  readonly #sound: number[] = [];
  /** Whose sound it places. */
  readonly line: object = {};
  #up: VirtualLink<number>;
  #sent = 0;
  #rendered = 0;
  #isAsleep = false;
  #connectedAt = 0;

  constructor(time: VirtualTime, server: VirtualClock, random: Random, options: ListenerOptions) {
    this.#time = time;
    this.#server = server;
    this.#random = random;
    this.#options = options;
    this.sampleRate = options.sampleRate ?? 24_000;
    this.local = new VirtualClock(time, { offset: random() * 1e6, ppm: random() * 120 - 60 });
    this.device = new VirtualClock(time, { offset: -random() * 20 - 1, ppm: random() * 200 - 100 });
    this.#context = new FakeAudioContext(this.sampleRate);
    this.#worklet = options.path === "worklet" ? new VirtualWorklet(time, this.sampleRate) : undefined;
    this.loudspeaker = new Loudspeaker({
      sampleRate: this.sampleRate,
      output: this.#output(),
      tableClock: () => (this.clock.echoes > 0 ? this.clock : undefined),
      now: () => this.local.now,
    });
    this.loudspeaker.trim(options.trimMs ?? 0);
    [this.#up, this.down] = this.#connect();
    time.in(random() * 50, () => this.#probe());
    time.every(STAMP_MS, () => this.#stamp());
    time.every(20, () => !this.#isAsleep && this.loudspeaker.tick());
    time.every(1, () => this.#render());
  }

  /** All that has left, or is about to leave, the device, from its first frame on. */
  get sound(): Float32Array {
    if (this.#worklet) return Float32Array.from(this.#sound);
    this.#context.frame = this.#rendered;
    return this.#context.render();
  }

  /** Where in `sound` stands what left the device at that true time. */
  placeAt(trueMs: number): number {
    return (this.device.at(trueMs - this.#hiddenMs) * this.sampleRate) / 1000;
  }

  /** When that place in `sound` left the device. */
  timeOf(place: number): number {
    return this.device.trueAt((place * 1000) / this.sampleRate) + this.#hiddenMs;
  }

  get #hiddenMs(): number {
    return this.#options.hiddenMs ?? 0;
  }

  /** The connection is lost; another one is there after so many ms. */
  reconnect(afterMs: number): void {
    this.#up.cut();
    this.down.cut();
    this.#time.in(afterMs, () => {
      [this.#up, this.down] = this.#connect();
    });
  }

  /** The device stands still for so long, its sound with it. */
  sleep(ms: number): void {
    this.#isAsleep = true;
    this.#time.in(ms, () => {
      this.#isAsleep = false;
      this.device.jump(-ms);
    });
  }

  #connect(): [VirtualLink<number>, VirtualLink<ClockEcho | VirtualFrame>] {
    this.#connectedAt = this.#time.now;
    const profile = this.#options.network;
    const up = new VirtualLink<number>(this.#time, this.#random, {
      profile,
      deliver: (t0) => this.down.send({ t0, t1: this.#server.now, t2: this.#server.now }),
    });
    const down = new VirtualLink<ClockEcho | VirtualFrame>(this.#time, this.#random, {
      profile,
      deliver: (message) => this.#take(message),
    });
    return [up, down];
  }

  #take(message: ClockEcho | VirtualFrame): void {
    if ("t0" in message) {
      this.clock.learn(message, this.local.now);
      return;
    }
    const sink = this.loudspeaker.inStep;
    const start = sink?.positionOf(message.startAt);
    if (start !== undefined) sink?.place(message.samples, start + message.pts, this.line);
  }

  #probe(): void {
    if (!this.#isAsleep) {
      this.#up.send(this.local.now);
      this.#sent += 1;
    }
    const ageMs = this.#time.now - this.#connectedAt;
    const deviationMs = this.clock.deviationMs(this.local.now);
    this.#time.in(probeGapMs({ sent: this.#sent, ageMs, deviationMs }), () => this.#probe());
  }

  /** Timestamps speak of a moment a little while ago. */
  #stamp(): void {
    if (this.#isAsleep) return;
    const { stampNoiseMs = 0.1, stampSawMs = 0 } = this.#options;
    const then = this.#time.now - this.#random() * 8;
    const saw = (((this.#time.now * 0.0011) % 1) - 0.5) * 2 * stampSawMs;
    const noise = (this.#random() - 0.5) * 2 * stampNoiseMs + saw;
    const contextMs = this.device.at(then);
    if (contextMs <= 0) return;
    this.loudspeaker.stamp({
      atMs: this.local.at(then),
      contextTime: (contextMs + noise) / 1000,
      seenAtMs: this.local.now,
      currentTime: this.#rendered / this.sampleRate,
      latency: AHEAD_MS / 1000,
    });
  }

  #render(): void {
    const wanted = ((this.device.now + AHEAD_MS) * this.sampleRate) / 1000;
    while (!this.#isAsleep && this.#rendered + BATCH <= wanted) {
      for (let quantum = 0; quantum < BATCH; quantum += QUANTUM) {
        const out = new Float32Array(QUANTUM);
        this.#worklet?.render(this.#rendered, out);
        if (this.#worklet) this.#sound.push(...out);
        this.#rendered += QUANTUM;
      }
      this.#context.frame = this.#rendered;
    }
  }

  #output(): RingOutput {
    if (this.#worklet) {
      const [outer, inner] = VirtualPort.pair(this.#time, () => 0.5);
      this.#worklet.port.postMessage({ type: "port", port: inner });
      return new WorkletOutput(outer as unknown as MessagePort);
    }
    const speaker = new BlockSpeaker(
      this.#context as unknown as AudioContext,
      this.#context.createGain() as unknown as AudioNode,
    );
    const [worker, page] = VirtualPort.pair(this.#time, () => this.#pageDelayMs());
    page.onmessage = ({ data }) => {
      const { frame, samples } = data as { frame: number; samples?: Float32Array<ArrayBuffer> };
      if (samples) speaker.play({ frame, samples });
      else speaker.takeBack(frame);
    };
    return new BlockOutput(this.sampleRate, {
      play: (frame, samples) => worker.postMessage({ frame, samples }),
      takeBack: (frame) => worker.postMessage({ frame }),
    });
  }

  /** A message to the page waits until its thread is free. */
  #pageDelayMs(): number {
    const { busy } = this.#options;
    if (!busy) return 0.5;
    const since = this.#time.now % busy.everyMs;
    return Math.max(0.5, busy.ms - since);
  }
}

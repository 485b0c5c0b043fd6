import { BlockSpeaker } from "./block-speaker.ts";
import { WORKLET_NAME } from "./loudspeaker-messages.ts";
import type { OutputStamp } from "./output-clock.ts";
import { stampWaitMs } from "./stamp-plan.ts";

/** Chromium puts a device to sleep after half a minute of true silence, and wakes it up elsewhere in time. */
const KEEP_AWAKE = 1e-6;

/** An audio context, and what all that sounds goes through. */
export interface AudioGraph {
  context: AudioContext;
  output: AudioNode;
}

/**
 * The page's end of a loudspeaker: a worklet to which sound is sent through a port, or, where the page may not
 * have one, a speaker of blocks; and the stamps of the device's clock.
 */
export class AudioOutput {
  readonly sampleRate: number;
  /** The worklet's other end, to be handed to whoever decides what sounds; undefined: blocks are wanted. */
  readonly port: MessagePort | undefined;
  readonly #speaker: BlockSpeaker | undefined;
  readonly #end: () => void;

  /** @param onStamp called about every 25 ms; times are on this thread's clock */
  static async open(
    graph: AudioGraph,
    workletUrl: string | URL | undefined,
    onStamp: (stamp: OutputStamp) => void,
  ): Promise<AudioOutput> {
    return new AudioOutput(graph, await workletIn(graph, workletUrl), onStamp);
  }

  private constructor(
    { context, output }: AudioGraph,
    worklet: AudioWorkletNode | undefined,
    onStamp: (stamp: OutputStamp) => void,
  ) {
    this.sampleRate = context.sampleRate;
    if (worklet) {
      const { port1, port2 } = new MessageChannel();
      worklet.port.postMessage({ type: "port", port: port1 }, [port1]);
      worklet.connect(output);
      this.port = port2;
    } else {
      this.#speaker = new BlockSpeaker(context, output);
    }
    const awake = context.createConstantSource();
    awake.offset.value = KEEP_AWAKE;
    awake.connect(context.destination);
    awake.start();
    let looks = 0;
    let timer: ReturnType<typeof setTimeout>;
    const lookLater = (): void => {
      timer = setTimeout(() => {
        lookLater();
        onStamp(stampOf(context));
      }, stampWaitMs(looks++));
    };
    lookLater();
    this.#end = () => {
      clearTimeout(timer);
      awake.stop();
      worklet?.port.postMessage({ type: "close" });
      worklet?.disconnect();
    };
  }

  /** Sound that begins on that frame of the context. */
  play(block: { frame: number; samples: Float32Array<ArrayBuffer> }): void {
    this.#speaker?.play(block);
  }

  /** Nothing that was given for later than that frame is wanted. */
  takeBack(frame: number): void {
    this.#speaker?.takeBack(frame);
  }

  close(): void {
    this.#end();
    this.#speaker?.takeBack(0);
  }
}

/** Only secure contexts have worklets. */
async function workletIn(
  { context }: AudioGraph,
  workletUrl: string | URL | undefined,
): Promise<AudioWorkletNode | undefined> {
  if (!context.audioWorklet) return undefined;
  const url = workletUrl ?? new URL("../../../../workers/player.worklet.ts", import.meta.url);
  try {
    await context.audioWorklet.addModule(url);
    return new AudioWorkletNode(context, WORKLET_NAME, { numberOfInputs: 0, outputChannelCount: [1] });
  } catch {
    return undefined;
  }
}

function stampOf(context: AudioContext): OutputStamp {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {};
  return {
    atMs: performanceTime,
    contextTime,
    seenAtMs: performance.now(),
    currentTime: context.currentTime,
    latency: (context.baseLatency || 0) + (context.outputLatency || 0),
  };
}

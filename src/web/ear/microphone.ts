import type { HeardProbe } from "./hearing.ts";
import { type FromHearing, MICROPHONE_NAME, type ToHearing, type ToMicrophone } from "./hearing-messages.ts";

/** Built beside this page's script. */
const WORKLET = "assets/microphone.worklet.js";
const WORKER = "assets/hearing-worker.js";
/** A microphone whose sound does not come by then is switched off somewhere. */
const PATIENCE_MS = 8_000;
/** As it is: what browsers do to speech takes a probe for noise, or for an echo. */
const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** Why there is no microphone: `insecure`: pages of this address may not have one. */
export type DeafReason = "insecure" | "refused" | "none" | "broken";

/** There is no microphone. */
export class DeafError extends Error {
  override readonly name = "DeafError";
  readonly reason: DeafReason;

  constructor(reason: DeafReason, options: { cause?: unknown } = {}) {
    super(`no microphone: ${reason}`, options);
    this.reason = reason;
  }
}

/** Whether pages of this address may have a microphone: on plain http, localhost alone. */
export function canHear(): boolean {
  return isSecureContext && navigator.mediaDevices !== undefined;
}

/** This computer's microphone, while it is open; its sound goes to a worker and nowhere else. */
export class Microphone {
  /** Whether the browser changes what it hears, although it was asked not to. */
  readonly isProcessed: boolean;
  /** Resolves once it has heard long enough, without a gap, to know when it hears what. */
  readonly steady: Promise<void>;
  readonly #stream: MediaStream;
  readonly #context: AudioContext;
  readonly #worker: Worker;
  readonly #unclaim: () => void;
  readonly #waiting = new Map<number, (heard: HeardProbe) => void>();
  #nextId = 0;

  /** Asks for it, in a tap. @throws DeafError */
  static async open(): Promise<Microphone> {
    if (!canHear()) throw new DeafError("insecure");
    const unclaim = claimHearing();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: RAW }).catch((error: unknown) => {
      unclaim();
      const isRefused = error instanceof DOMException && error.name === "NotAllowedError";
      throw new DeafError(isRefused ? "refused" : "none", { cause: error });
    });
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(new URL(WORKLET, document.baseURI));
      await context.resume();
      return new Microphone(stream, context, unclaim);
    } catch (error) {
      stop(stream);
      unclaim();
      void context.close();
      throw new DeafError("broken", { cause: error });
    }
  }

  private constructor(stream: MediaStream, context: AudioContext, unclaim: () => void) {
    this.#stream = stream;
    this.#unclaim = unclaim;
    this.#context = context;
    const settings = stream.getAudioTracks()[0]?.getSettings() ?? {};
    this.isProcessed = (Object.keys(RAW) as (keyof typeof RAW)[]).some((name) => settings[name] === true);
    this.#worker = new Worker(new URL(WORKER, document.baseURI), { type: "module" });
    this.steady = new Promise((resolve, reject) => {
      setTimeout(() => reject(new DeafError("broken")), PATIENCE_MS);
      this.#worker.onerror = () => reject(new DeafError("broken"));
      this.#worker.onmessage = ({ data }: MessageEvent<FromHearing>) => {
        if (data.type === "steady") resolve();
        else this.#found(data);
      };
    });
    // It may fail before anybody waits for it.
    this.steady.catch(() => undefined);
    const { port1, port2 } = new MessageChannel();
    const node = new AudioWorkletNode(context, MICROPHONE_NAME, {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    node.port.postMessage({ port: port1 } satisfies ToMicrophone, [port1]);
    const hear: ToHearing = { type: "hear", sampleRate: context.sampleRate, port: port2 };
    this.#worker.postMessage(hear, [port2]);
    context.createMediaStreamSource(stream).connect(node);
  }

  /** How late a probe is heard that is played at that moment, ms since the epoch. Resolves when that is past. */
  find(root: number, atMs: number): Promise<HeardProbe> {
    const id = this.#nextId++;
    this.#worker.postMessage({ type: "find", id, root, atMs } satisfies ToHearing);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Gives it back: the browser's sign that it listens goes. */
  close(): void {
    stop(this.#stream);
    this.#worker.terminate();
    this.#unclaim();
    void this.#context.close();
  }

  #found({ id, ...heard }: Extract<FromHearing, { type: "found" }>): void {
    this.#waiting.get(id)?.(heard);
    this.#waiting.delete(id);
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** iOS gives no microphone to a page that has claimed the device for playing alone. @returns takes that back */
function claimHearing(): () => void {
  const { audioSession } = navigator as { audioSession?: { type: string } };
  if (!audioSession) return () => undefined;
  const before = audioSession.type;
  audioSession.type = "play-and-record";
  return () => {
    audioSession.type = before;
  };
}

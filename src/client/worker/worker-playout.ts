import { AudioOutput } from "../output/in-step/audio-output.ts";
import type { Sound } from "../output/sound.ts";
import type { StepState, TimedSound } from "../output/step.ts";
import type { PlayoutHost, RemotePlayout } from "../playout/playout.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

type Playing = Extract<FromWorker, { type: "playing" }>;

/** The way to a worker and back. */
export interface WorkerLink {
  send(message: ToWorker, transfer?: Transferable[]): void;
  /** Returns what ends it. */
  listen(listener: (message: FromWorker) => void): () => void;
}

/** Playout in a worker, as the page's player sees it. */
export class WorkerPlayout implements RemotePlayout {
  readonly #host: PlayoutHost;
  readonly #link: WorkerLink;
  readonly #readings = new Map<number, () => void>();
  readonly #stopListening: () => void;
  #playing: Pick<Playing, "isBusy" | "spoken" | "jitterDelayMs" | "step"> | undefined;
  #output: AudioOutput | undefined;
  /** The last of those that were asked for. */
  #opening: symbol | undefined;

  constructor(host: PlayoutHost, link: WorkerLink) {
    this.#host = host;
    this.#link = link;
    this.#stopListening = link.listen((message) => this.#take(message));
    this.volumeChanged();
  }

  get isBusy(): boolean {
    return this.#playing?.isBusy ?? false;
  }

  get spoken(): Playing["spoken"] {
    return this.#playing?.spoken;
  }

  get jitterDelayMs(): number {
    return this.#playing?.jitterDelayMs ?? 0;
  }

  get step(): StepState | undefined {
    return this.#playing?.step;
  }

  moveTo(sound: Sound | undefined): void {
    this.#output?.close();
    this.#output = undefined;
    this.#opening = undefined;
    if (sound) void this.#open(sound);
    else this.#link.send({ type: "output", output: undefined });
  }

  volumeChanged(): void {
    this.#link.send({ type: "volume", volume: this.#host.volume() });
  }

  trim(ms: number): void {
    this.#link.send({ type: "trim", ms });
  }

  click(sound?: TimedSound): void {
    this.#link.send({ type: "click", sound });
  }

  skip(): void {
    this.#link.send({ type: "skip" });
  }

  stop(): void {
    this.#link.send({ type: "stop" });
  }

  leave(): void {
    this.#stopListening();
    this.moveTo(undefined);
    for (const stop of this.#readings.values()) stop();
    this.#readings.clear();
    this.#playing = undefined;
  }

  /** The worker looks after itself. */
  tick(): void {}

  async #open(sound: Sound): Promise<void> {
    const opening = Symbol("opening");
    this.#opening = opening;
    const output = await AudioOutput.open(sound.graph, this.#host.workletUrl, (stamp) => {
      const { timeOrigin } = performance;
      const times = { atMs: stamp.atMs && stamp.atMs + timeOrigin, seenAtMs: stamp.seenAtMs + timeOrigin };
      this.#link.send({ type: "stamp", stamp: { ...stamp, ...times } });
    });
    if (this.#opening !== opening) {
      output.close();
      return;
    }
    this.#output = output;
    const { sampleRate, port } = output;
    this.#link.send(
      { type: "output", output: { sampleRate, ...(port ? { port } : {}) } },
      port ? [port] : [],
    );
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case "playing":
        this.#playing = message;
        this.#host.wake();
        break;
      case "heard":
        this.#host.onHeard(message.report);
        break;
      case "dropped":
        this.#host.onDropped(message.utterance, message.reason);
        break;
      case "block":
        this.#output?.play(message);
        break;
      case "takeBack":
        this.#output?.takeBack(message.frame);
        break;
      case "read":
        this.#read(message);
        break;
      case "hush":
        this.#readings.get(message.id)?.();
        this.#readings.delete(message.id);
        break;
    }
  }

  #read({ id, text, manner }: Extract<FromWorker, { type: "read" }>): void {
    const over = (event: "end" | "failed"): void => {
      this.#readings.delete(id);
      this.#link.send({ type: "voice", id, event });
    };
    const stop = this.#host.readAloud(text, manner, {
      word: (charStart) => this.#link.send({ type: "voice", id, event: "word", charStart }),
      end: () => over("end"),
      failed: () => over("failed"),
    });
    this.#readings.set(id, stop);
  }
}

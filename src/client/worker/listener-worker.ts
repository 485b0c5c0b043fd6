import { SilentSink } from "../output/audio-sink.ts";
import type { Manner, VoiceEvents } from "../output/browser-voice.ts";
import { BlockOutput } from "../output/in-step/block-output.ts";
import { Loudspeaker } from "../output/in-step/loudspeaker.ts";
import type { OutputStamp } from "../output/in-step/output-clock.ts";
import { WorkletOutput } from "../output/in-step/worklet-output.ts";
import type { StepState } from "../output/step.ts";
import { PartyClient } from "../party-client.ts";
import { createOpusDecoder } from "../playout/opus.ts";
import { UtterancePlayer } from "../playout/utterance-player.ts";
import type { FromWorker, ListenerOptions, PageOutput, ToWorker, WorkerEvent } from "./messages.ts";

const TICK_MS = 20;
/** Every how many ticks the player has its own. */
const PLAYER_EVERY = 2;

/** Everything a page hears of, each once. */
const FORWARDED: Readonly<Record<WorkerEvent["name"], true>> = {
  state: true,
  connected: true,
  text: true,
  told: true,
  clip: true,
  system: true,
  begin: true,
  sentence: true,
  move: true,
  frame: true,
  fallback: true,
  cancel: true,
  end: true,
  forgotten: true,
  presence: true,
  answer: true,
  other: true,
  error: true,
};

const now = (): number => performance.now();

/** What concerns the sound rather than the connection. */
type PlayMessage = Extract<
  ToWorker,
  { type: "output" | "stamp" | "trim" | "volume" | "click" | "skip" | "stop" | "voice" }
>;

type Say = (message: FromWorker, transfer?: Transferable[]) => void;

/** The worker's side of a `WorkerClient`: a client, what plays for it, and the loudspeaker that the page has. */
export class ListenerWorker {
  readonly #say: Say;
  readonly #client: PartyClient;
  readonly #player: UtterancePlayer;
  readonly #voices = new Map<number, VoiceEvents>();
  #readings = 0;
  #volume = 1;
  #loudspeaker: Loudspeaker | undefined;
  #ticks = 0;
  #told = "";

  constructor(options: ListenerOptions, say: Say) {
    this.#say = say;
    this.#client = new PartyClient(options);
    this.#player = new UtterancePlayer({
      silence: new SilentSink(now),
      maxQueuedMs: 120_000,
      createOpus: createOpusDecoder,
      readAloud: (text, manner, events) => this.#read(text, manner, events),
      now,
      volume: () => this.#volume,
      onHeard: (report) => {
        this.#client.heard(report);
        say({ type: "heard", report });
      },
      onDropped: (utterance, reason) => say({ type: "dropped", utterance, reason }),
    });
    this.#player.follow(this.#client, () => undefined);
    for (const name of Object.keys(FORWARDED) as WorkerEvent["name"][]) {
      // Name and event belong together, which the type of a union cannot say here.
      this.#client.on(name, (event) => say({ type: "event", name, event } as WorkerEvent));
    }
    setInterval(() => this.#tick(), TICK_MS);
  }

  take(message: Exclude<ToWorker, { type: "enter" }>): void {
    switch (message.type) {
      case "connect":
      case "close":
        this.#client[message.type]();
        break;
      case "return":
        this.#client.wake();
        break;
      case "change":
        this.#client.change(message.settings);
        break;
      case "send":
        this.#client.send(message.message);
        break;
      case "heard":
        this.#client.heard(message.report);
        break;
      default:
        this.#play(message);
    }
  }

  #play(message: PlayMessage): void {
    switch (message.type) {
      case "output":
        this.#moveTo(message.output);
        break;
      case "stamp":
        this.#stamp(message.stamp);
        break;
      case "trim":
        this.#player.trim(message.ms);
        break;
      case "volume":
        this.#volume = message.volume;
        this.#player.volumeChanged();
        break;
      case "click":
        this.#player.click(message.sound);
        break;
      case "skip":
      case "stop":
        this.#player[message.type]();
        break;
      case "voice":
        this.#voice(message);
        break;
    }
  }

  #moveTo(output: PageOutput | undefined): void {
    this.#loudspeaker?.close();
    this.#loudspeaker = output && this.#open(output);
    this.#player.moveTo(this.#loudspeaker);
  }

  #open({ sampleRate, port }: PageOutput): Loudspeaker {
    const output = port
      ? new WorkletOutput(port)
      : new BlockOutput(sampleRate, {
          play: (frame, samples) => this.#say({ type: "block", frame, samples }, [samples.buffer]),
          takeBack: (frame) => this.#say({ type: "takeBack", frame }),
        });
    return new Loudspeaker({ sampleRate, output, tableClock: () => this.#client.clock, now });
  }

  #stamp(stamp: OutputStamp): void {
    const { timeOrigin } = performance;
    const { atMs, seenAtMs } = stamp;
    const times = { atMs: atMs && atMs - timeOrigin, seenAtMs: seenAtMs - timeOrigin };
    this.#loudspeaker?.stamp({ ...stamp, ...times });
  }

  /** Only the page has a voice. */
  #read(text: string, manner: Manner, events: VoiceEvents): () => void {
    const id = ++this.#readings;
    this.#voices.set(id, events);
    this.#say({ type: "read", id, text, manner });
    return () => {
      if (this.#voices.delete(id)) this.#say({ type: "hush", id });
    };
  }

  #voice(message: Extract<ToWorker, { type: "voice" }>): void {
    const events = this.#voices.get(message.id);
    if (message.event === "word") events?.word(message.charStart);
    else {
      this.#voices.delete(message.id);
      events?.[message.event]();
    }
  }

  #tick(): void {
    this.#ticks += 1;
    this.#loudspeaker?.tick();
    this.#client.reportLatency(this.#loudspeaker?.latencyMs);
    if (this.#ticks % PLAYER_EVERY > 0) return;
    this.#player.tick();
    this.#tell();
  }

  /** Tells the page what is being said, when that changes. */
  #tell(): void {
    const { isBusy, spoken, jitterDelayMs, step } = this.#player;
    const offsetMs = this.#client.clockOffsetMs;
    const playing: FromWorker = {
      type: "playing",
      isBusy,
      spoken,
      jitterDelayMs,
      step: step && rounded(step),
    };
    const told = JSON.stringify([playing, offsetMs]);
    if (told === this.#told) return;
    this.#told = told;
    this.#say(playing);
    if (offsetMs !== undefined) this.#say({ type: "clock", offsetMs: offsetMs - performance.timeOrigin });
  }
}

/** In whole ms, as it is shown: finer changes would keep the page busy for nothing. */
function rounded({ skewMs, uncertaintyMs, isTrusted }: StepState): StepState {
  return { skewMs: Math.round(skewMs), uncertaintyMs: Math.ceil(uncertaintyMs), isTrusted };
}

/**
 * A client whose socket, clock and decoder live in a worker, so that a busy page disturbs neither hearing nor
 * keeping step. `worker-client.ts` and `worker-playout.ts` are the page's side, `listener-worker.ts` the
 * worker's; this is what they say to each other.
 * @module
 */
import type { SettingsMessage, V2ClientMessage } from "../../core/protocol/v2.ts";
import type { Manner } from "../output/browser-voice.ts";
import type { OutputStamp } from "../output/in-step/output-clock.ts";
import type { StepState, TimedSound } from "../output/step.ts";
import type { PartyClientOptions } from "../party-client.ts";
import type { SpokenPlace } from "../playout/playout.ts";
import type { HeardReport } from "../session/heard-outbox.ts";
import type { PartyEvents } from "../session/party-events.ts";
import type { OtherMessage } from "../session/shapes.ts";

/** What can be said in another thread about a client: no functions. */
export type ListenerOptions = Omit<PartyClientOptions, "WebSocket" | "fetch" | "url"> & { url: string };

/** Where sound leaves the page: through a worklet that takes it from the port, or in blocks the page plays. */
export interface PageOutput {
  /** Hz */
  sampleRate: number;
  /** Of the worklet; without one blocks are wanted. */
  port?: MessagePort;
}

/** From the page. Times in `stamp` are ms since the epoch, on the clock that pages and workers share. */
export type ToWorker =
  | { type: "enter"; options: ListenerOptions }
  | { type: "connect" }
  /** The page is seen again, or the device is online again: only the page is told of both. */
  | { type: "return" }
  | { type: "close" }
  | { type: "change"; settings: Omit<SettingsMessage, "type"> }
  | { type: "send"; message: V2ClientMessage | OtherMessage }
  | { type: "heard"; report: HeardReport }
  /** There is sound from now on, or none. */
  | { type: "output"; output: PageOutput | undefined }
  | { type: "stamp"; stamp: OutputStamp }
  | { type: "trim"; ms: number }
  /** 0…1, 0 while muted. */
  | { type: "volume"; volume: number }
  | { type: "click"; sound: TimedSound | undefined }
  | { type: "skip" }
  | { type: "stop" }
  /** What became of a reading. */
  | { type: "voice"; id: number; event: "word"; charStart: number }
  | { type: "voice"; id: number; event: "end" | "failed" };

/** What a page hears of: sound too, as it came, for whoever keeps it. */
export type WorkerEvent = {
  [Name in keyof PartyEvents]: { type: "event"; name: Name; event: PartyEvents[Name] };
}[keyof PartyEvents];

/** From the worker. */
export type FromWorker =
  | WorkerEvent
  /** What is being said, and how. */
  | {
      type: "playing";
      isBusy: boolean;
      spoken: SpokenPlace | undefined;
      jitterDelayMs: number;
      step: StepState | undefined;
    }
  | { type: "heard"; report: HeardReport }
  | { type: "dropped"; utterance: string; reason: "full" | "undecodable" }
  /** ms to add to ms since the epoch, as `stamp` has them, for the server's clock. */
  | { type: "clock"; offsetMs: number }
  /** Sound that begins on that frame of the page's audio context. */
  | { type: "block"; frame: number; samples: Float32Array<ArrayBuffer> }
  /** Nothing that was sent for later than that frame is wanted. */
  | { type: "takeBack"; frame: number }
  | { type: "read"; id: number; text: string; manner: Manner }
  | { type: "hush"; id: number };

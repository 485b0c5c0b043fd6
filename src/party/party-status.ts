import type { ListenerState, Presence } from "../core/protocol/v2.ts";
import type { EngineStatus } from "../engines/routing/router.ts";
import type { SpeechHostStatus } from "../pool/speech-host.ts";
import type { StepReport } from "./presence.ts";
import type { MissedReason } from "./request/missed-reason.ts";
import type { Audience } from "./request/utterance.ts";
import type { StreamsShape } from "./shapes.ts";
import type { UtteranceState } from "./speaking/active-utterance.ts";
import type { RecentUtterance } from "./speaking/utterance-log.ts";
import type { StoreStatus } from "./storage/store-health.ts";

/** How one device of a player hears a line. */
export interface HearingPlayer {
  player: string;
  /** ms of audio heard so far. */
  heardMs: number;
  state: ListenerState;
  underruns: number;
  /** Why no more of it will be heard, as far as can be seen now. */
  reason?: MissedReason;
}

/** A line that is speaking or waiting. */
export interface QueuedUtterance {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  state: UtteranceState;
  /** ms of audio made so far, and of it heard by each player so far. */
  durationMs: number;
  players: HearingPlayer[];
}

export interface PartyStatus {
  party: string;
  /** `waiting`: sockets that have not said hello yet, where there are any. */
  players: (Presence & StepReport & { waiting?: number })[];
  engines: EngineStatus[];
  speech: SpeechHostStatus;
  queue: QueuedUtterance[];
  /** Newest first. */
  recent: readonly RecentUtterance[];
  /** Whether what is said outlasts a restart; left out where no folder was given. */
  store?: StoreStatus;
}

/** The lines that are speaking, waiting or still being heard, oldest first. */
export function queueOf(streams: StreamsShape): QueuedUtterance[] {
  return streams.utterances.map((active) => {
    const { id, speaker, to } = active.request;
    const players = active.subscriptions.map(({ connection, playback }) => {
      const { heardMs, state, underruns, missed } = playback;
      const reason = missed === undefined ? {} : { reason: missed };
      return { player: connection.player, heardMs: Math.round(heardMs), state, underruns, ...reason };
    });
    const { text, durationMs } = active;
    const state = streams.stateOf(active);
    return { utterance: id, speaker, to, text, state, durationMs, players };
  });
}

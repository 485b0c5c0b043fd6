import type { ListenerState, Presence } from "../core/v2.ts";
import type { EngineStatus } from "../engines/router.ts";
import type { SpeechHostStatus } from "../pool/speech-host.ts";
import type { MissedReason } from "./hearing.ts";
import type { RecentLine } from "./line-log.ts";
import type { PerformanceState } from "./performance.ts";
import type { StepReport } from "./presence.ts";
import type { StreamsShape } from "./shapes.ts";
import type { Audience } from "./utterance.ts";

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
export interface QueuedLine {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  state: PerformanceState;
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
  queue: QueuedLine[];
  /** Newest first. */
  recent: readonly RecentLine[];
}

/** The lines that are speaking, waiting or still being heard, oldest first. */
export function queueOf(streams: StreamsShape): QueuedLine[] {
  return streams.performances.map((performance) => {
    const { id, speaker, to } = performance.script;
    const players = performance.listenings.map(({ connection, hearing }) => {
      const { heardMs, state, underruns, missed } = hearing;
      const reason = missed === undefined ? {} : { reason: missed };
      return { player: connection.player, heardMs: Math.round(heardMs), state, underruns, ...reason };
    });
    const { text, durationMs } = performance;
    const state = streams.stateOf(performance);
    return { utterance: id, speaker, to, text, state, durationMs, players };
  });
}

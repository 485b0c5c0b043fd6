import { messageOf } from "../core/errors.ts";
import type {
  EngineStatus,
  ListenerProgress,
  PartyStatus,
  PlayerDelivery,
  QueuedUtterance,
  SpeechStatus,
} from "../core/protocol/api.ts";
import type { Lobby } from "./access/lobby.ts";
import type { Answers } from "./answers.ts";
import type { ClusterNode } from "./cluster/cluster.ts";
import type { PartyStore } from "./party-store.ts";
import type { PresenceBoard } from "./presence.ts";
import type { RegistryShape, RouterShape, StreamsShape } from "./shapes.ts";
import { answerOf } from "./speaking/trusted-router.ts";

/** How a party is, as `GET /api/status` tells it. */
export async function statusOf(
  party: {
    id: string;
    players: readonly string[];
    lobby: Lobby;
    streams: StreamsShape;
    router: RouterShape;
    speech: SpeechStatus;
    store: PartyStore;
    registry: RegistryShape;
    answers: Answers;
    cluster: ClusterNode | undefined;
  },
  presence: PresenceBoard,
): Promise<PartyStatus> {
  const { id, streams, speech } = party;
  const players = party.players.map((player) => {
    const waiting = party.lobby.count(player);
    return {
      ...presence.statusOf(player),
      ...(waiting > 0 ? { waiting } : {}),
      ...(party.answers.isRaised(player) ? { hand: true as const } : {}),
    };
  });
  const queue = queueOf(streams);
  const { recent } = streams.log;
  const store = party.store.status ? { store: party.store.status } : {};
  const { problem } = party.registry;
  const voices = problem ? { voicesProblem: problem.message } : {};
  const engines = await enginesOf(party.router);
  const cluster = party.cluster ? { cluster: clusterOf(party.cluster) } : {};
  const settings = party.store.settings.all;
  const answers = party.answers.recent;
  return {
    party: id,
    players,
    engines,
    speech,
    queue,
    recent,
    settings,
    answers,
    ...store,
    ...voices,
    ...cluster,
  };
}

function clusterOf({ status: { node, connected, nodes } }: ClusterNode): NonNullable<PartyStatus["cluster"]> {
  return { node, connected, nodes };
}

/** Of a listener in another process, as far as that has said. */
function progressOf({
  player,
  heardMs,
  muted,
  textOnly,
  underruns,
  reason,
}: PlayerDelivery): ListenerProgress {
  const state = muted ? "muted" : textOnly ? "text-only" : "playing";
  return { player, heardMs, state, underruns, ...(reason === undefined ? {} : { reason }) };
}

/** If the router does not answer, that is what is reported. */
export async function enginesOf(router: RouterShape): Promise<EngineStatus[]> {
  try {
    return await answerOf(router, () => router.getStatus());
  } catch (error) {
    return [{ name: "router", available: false, outOfOrder: messageOf(error), tiers: [], languages: [] }];
  }
}

/** Utterances that are being sent or heard, oldest first, then those that wait, as they will be begun. */
function queueOf(streams: StreamsShape): QueuedUtterance[] {
  const { movable } = streams;
  const begun = streams.utterances.filter((active) => !movable.includes(active));
  const own = [...begun, ...movable].map((active): QueuedUtterance => {
    const { id, speaker, to } = active.request;
    const players = active.subscriptions.map(({ connection, playback }): ListenerProgress => {
      const { heardMs, state, underruns, missed } = playback;
      const reason = missed === undefined ? {} : { reason: missed };
      return { player: connection.player, heardMs: Math.round(heardMs), state, underruns, ...reason };
    });
    for (const { players: away } of active.carried?.reports ?? []) players.push(...away.map(progressOf));
    const { texts, again, durationMs } = active;
    const state = streams.stateOf(active);
    const mayMove = movable.includes(active) ? { movable: true as const } : {};
    const said = { utterance: id, speaker, to, ...texts, ...(again ? { again } : {}) };
    return { ...said, state, durationMs, players, ...mayMove };
  });
  return [...streams.stillHeard, ...own];
}

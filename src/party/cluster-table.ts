import type { Encoding } from "../engines/contract/sentence-job.ts";
import type { TokenKeeper } from "./access/tokens.ts";
import type { Answers } from "./answers.ts";
import type { ClusterNode, HereAtTable } from "./cluster/cluster.ts";
import type { PartyStore } from "./party-store.ts";
import type { PresenceBoard } from "./presence.ts";
import type { ConnectionsShape, StreamsShape } from "./shapes.ts";
import type { SoundDesk } from "./sounds/sound-desk.ts";
import { isV2 } from "./transport/connection.ts";

/** What of a party its part in a cluster has to do with. */
interface ClusteredParty {
  cluster: ClusterNode | undefined;
  connections: ConnectionsShape;
  store: PartyStore;
  streams: Pick<StreamsShape, "forget">;
  tokens: Pick<TokenKeeper, "wasRevoked">;
  answers: Pick<Answers, "told">;
  sounds: Pick<SoundDesk, "adopt" | "sendHit">;
}

/** Has a party take part beside other processes, where there are any. */
export async function takePart(party: ClusteredParty, presence: PresenceBoard): Promise<void> {
  const { cluster, connections, store, streams, tokens } = party;
  if (!cluster) return;
  // Another process has taken seats away, or made links void: of all, where nobody is named.
  store.onAdopted = ({ unseated, voided, place }) => {
    if (place) party.sounds.adopt(place);
    for (const player of unseated) streams.forget(player);
    const everyone = voided.includes(undefined) ? connections.all().map(({ player }) => player) : [];
    const players = new Set([...unseated, ...voided.flatMap((player) => player ?? []), ...everyone]);
    for (const player of players) tokens.wasRevoked(player);
  };
  await cluster.attach({
    here: () => hereAt(connections, presence),
    isHere: (player) => connections.connectionCount(player) > 0,
    onChange: (listener) => void connections.onChange(listener),
    elsewhere: (players) => presence.elsewhere(players),
    answered: (answer) => party.answers.told(answer),
    hit: (hit) => party.sounds.sendHit(hit),
  });
}

function hereAt(connections: ConnectionsShape, presence: Pick<PresenceBoard, "ownPresence">): HereAtTable {
  const players = new Set<string>();
  const encodings = new Set<Encoding>();
  const latencies: number[] = [];
  let observers = 0;
  for (const connection of connections.connectionsOf("all")) {
    const { player, role, v2 } = connection;
    if (role === "player") players.add(player);
    else observers += 1;
    const encoding = isV2(connection) ? connection.v2.ladder.encodingFor(connection.v2.codec) : "dm20";
    if (encoding) encodings.add(encoding);
    if (v2?.sync && v2.latencyMs !== undefined) latencies.push(v2.latencyMs);
  }
  return {
    players: [...players].map((id) => presence.ownPresence(id)),
    observers,
    encodings: [...encodings],
    consoles: connections.all().filter(({ role }) => role === "dm").length,
    ...(latencies.length === 0 ? {} : { latencyMs: Math.max(...latencies) }),
  };
}

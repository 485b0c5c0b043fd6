import type { Observers } from "../core/observation.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { SpeechHosts } from "../pool/speech-hosts.ts";
import type { Lobby } from "./access/lobby.ts";
import type { MessageBudget } from "./access/message-budget.ts";
import type { TokenKeeper } from "./access/tokens.ts";
import type { ClusterNode } from "./cluster/cluster.ts";
import type { PartyStore } from "./party-store.ts";
import type { ConnectionsShape, RegistryShape, RouterShape, StreamsShape } from "./shapes.ts";
import type { SoundDesk } from "./sounds/sound-desk.ts";

/** The parts of a party. */
export interface PartyParts {
  id: string;
  registry: RegistryShape;
  router: RouterShape;
  connections: ConnectionsShape;
  streams: StreamsShape;
  tokens: TokenKeeper;
  store: PartyStore;
  sounds: SoundDesk;
  lobby: Lobby;
  budget: MessageBudget;
  hosts: SpeechHosts;
  cache?: SpeechCache | undefined;
  /** Whether others use it too: it does not end with this party. */
  isCacheShared: boolean;
  observers: Observers;
  /** Where several processes serve the party: this one's part in that. */
  cluster?: ClusterNode | undefined;
}

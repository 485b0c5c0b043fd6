/**
 * Several processes that serve the same parties, by way of NATS servers.
 * @module bardcast/nats
 */
import { randomId } from "../core/id.ts";
import type { Cluster, ClusterNode } from "../party/cluster/cluster.ts";
import { PartyNode } from "./bus/party-node.ts";
import { ClockExchange } from "./clock/clock-exchange.ts";
import { Connections } from "./connections.ts";
import { createLeases } from "./lease/create-leases.ts";
import type { Leases } from "./lease/leases.ts";
import { commonWord, openMemory, SharedMemory } from "./memory/shared-memory.ts";
import type { NatsOptions } from "./nats-options.ts";
import { createBusHost } from "./synthesis/create-bus-host.ts";

export type { Cluster } from "../party/cluster/cluster.ts";
export type { NatsOptions } from "./nats-options.ts";
export { type SynthesisNode, synthesisNode } from "./synthesis/synthesis-node.ts";

/** What a node that serves a party is told. */
export interface NodeOptions extends NatsOptions {
  /** Whether it speaks, too, for itself first, and for others; else it leaves that to other nodes. Default true. */
  hasWorkers?: boolean;
}

/** What a node of the house is made of, as long as it runs. */
interface House {
  connections: Connections;
  leases: Leases;
  time: ClockExchange;
}

/**
 * Has a party served by all processes that name the same NATS servers, and share `BARDCAST_SECRET`:
 * `serve({ cluster: nats({ servers }) })`. It connects with the first party.
 * @throws BardcastError `bad-request`, when it connects, for servers that are none
 */
export function nats({ hasWorkers = true, ...options }: NodeOptions): Cluster {
  const { replicas = 1 } = options;
  let opening: Promise<House> | undefined;
  const open = async (log: (message: string) => void): Promise<House> => {
    const connections = await Connections.open(options);
    try {
      const leases = await createLeases(connections.text, { node: connections.node, replicas, log });
      const time = await ClockExchange.open(connections.text, leases);
      return { connections, leases, time };
    } catch (error) {
      await connections.close();
      throw error;
    }
  };
  return {
    async createHost(speech) {
      opening ??= open(speech.log ?? (() => undefined));
      const { connections } = await opening;
      // Sound of sentences is much, and holds up no text.
      return createBusHost(connections.sound, { ...speech, hasWorkers });
    },
    async join(party: string, { log }): Promise<ClusterNode> {
      opening ??= open(log);
      const { connections, leases, time } = await opening;
      const { text } = connections;
      const kv = await openMemory(text, replicas);
      const epoch = await commonWord(text, kv, { party, name: "epoch", make: randomId });
      const memory = new SharedMemory(text, kv, party);
      const now = (): number => time.clock.now();
      return new PartyNode({ party, connections, leases, memory, epoch, now, replicas, warn: log });
    },
    async close() {
      const house = await opening?.catch(() => undefined);
      house?.time.close();
      await house?.leases.close();
      await house?.connections.close();
    },
  };
}

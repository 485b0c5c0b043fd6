import type { SpeechHostOptions } from "../../pool/create-speech-host.ts";
import { connectTo } from "./nats-servers.ts";

/** Workers of all nodes. */
export interface SharedWorkers {
  createHost: NonNullable<SpeechHostOptions["createHost"]>;
  close(): Promise<void>;
}

/**
 * Has sentences spoken by whichever node has a free worker.
 * @param options.hasWorkers whether this node speaks, too
 * @throws as `connectTo`
 */
export async function shareWorkers(
  servers: readonly string[],
  { hasWorkers }: { hasWorkers: boolean },
): Promise<SharedWorkers> {
  const connection = await connectTo(servers, "bardcast");
  const { createBusHost } = await import("../../nats/synthesis/create-bus-host.ts");
  return {
    createHost: (options) => createBusHost(connection, { ...options, hasWorkers }),
    close: () => connection.close(),
  };
}

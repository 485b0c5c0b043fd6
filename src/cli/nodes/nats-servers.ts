import { messageOf } from "../../core/errors.ts";
import type { BusConnection } from "../../nats/connection.ts";
import { UsageError } from "../options.ts";

/** Connects to NATS. @throws UsageError where what it needs is not installed; BardcastError where nobody answers */
export async function connectTo(servers: readonly string[], name: string): Promise<BusConnection> {
  const { BusConnection } = await import("../../nats/connection.ts").catch((error) => {
    throw new UsageError(
      `--nats wants @nats-io/transport-node, @nats-io/jetstream and @nats-io/kv, which are not installed (${messageOf(error)})`,
    );
  });
  return BusConnection.open({ servers }, name);
}

import { readFile } from "node:fs/promises";
import type { NatsOptions } from "../../nats/nats.ts";
import { UsageError } from "../options.ts";

/** What speaks to NATS; who serves alone does without. */
const NATS_PACKAGES = "@nats-io/nats-core @nats-io/transport-node @nats-io/jetstream @nats-io/kv";

/** NATS servers as they were named, and the credentials file, where there is one. @throws what reading that throws */
export async function natsOptions(
  servers: readonly string[],
  credentialsFile: string | undefined,
): Promise<NatsOptions> {
  if (credentialsFile === undefined) return { servers };
  return { servers, credentials: await readFile(credentialsFile, "utf8") };
}

/** All that knows NATS. @throws UsageError where its packages are not installed */
export async function importNats(): Promise<typeof import("../../nats/nats.ts")> {
  return import("../../nats/nats.ts").catch((error) => {
    const isMissing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing) throw error;
    throw new UsageError(`--nats needs packages that are not here: npm install ${NATS_PACKAGES}`);
  });
}

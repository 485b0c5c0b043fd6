import { createSpeechHost, type SpeechHostOptions } from "../../pool/create-speech-host.ts";
import type { SpeechHostStatus } from "../../pool/speech-host.ts";
import { BusConnection } from "../connection.ts";
import type { NatsOptions } from "../nats-options.ts";
import { Slots } from "./slots.ts";
import { SynthesisWorkers } from "./synthesis-workers.ts";

/** A node that has no party and no listener, and speaks for those that have. */
export interface SynthesisNode {
  /** Whether it is connected, so that others can ask it. */
  readonly isConnected: boolean;
  status(): SpeechHostStatus;
  /** Takes no sentence any more, ends those under way within `graceMs`, and the workers. */
  close(options: { graceMs: number }): Promise<void>;
}

/**
 * Starts engines, and lends them to all nodes at those servers.
 * @throws BardcastError as `createSpeechHost`; `bad-request`, `internal` where the servers are none, or do not answer
 */
export async function synthesisNode(nats: NatsOptions, options: SpeechHostOptions): Promise<SynthesisNode> {
  const connection = await BusConnection.open(nats, `bardcast ${nats.node ?? "speaks"}`);
  const ends: (() => Promise<void>)[] = [() => connection.close()];
  try {
    const host = await createSpeechHost(options);
    ends.unshift(() => host.close());
    const slots = new Slots(() => Math.max(1, host.status().workers));
    const workers = await SynthesisWorkers.open(connection, host, slots);
    return {
      get isConnected() {
        return connection.isUp;
      },
      status: () => host.status(),
      async close({ graceMs }) {
        await workers.close({ graceMs });
        for (const end of ends) await end();
      },
    };
  } catch (error) {
    for (const end of ends) await end();
    throw error;
  }
}

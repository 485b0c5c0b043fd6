import { createSpeechHost, type SpeechHostOptions } from "../../pool/create-speech-host.ts";
import type { SpeechHostStatus } from "../../pool/speech-host.ts";
import type { BusConnection } from "../connection.ts";
import { Slots } from "./slots.ts";
import { SynthesisWorkers } from "./synthesis-workers.ts";

/** A node that has no party and no listener, and speaks for those that have. */
export interface SynthesisNode {
  status(): SpeechHostStatus;
  /** Takes no sentence any more, ends those under way within `graceMs`, and the workers. */
  close(options: { graceMs: number }): Promise<void>;
}

/**
 * Starts the engines, and lends them to all nodes.
 * @param connection is not closed with it
 * @throws BardcastError as `createSpeechHost`
 */
export async function openSynthesisNode(
  connection: BusConnection,
  options: SpeechHostOptions,
): Promise<SynthesisNode> {
  const host = await createSpeechHost(options);
  const workers = await SynthesisWorkers.open(
    connection,
    host,
    new Slots(() => Math.max(1, host.status().workers)),
  );
  return {
    status: () => host.status(),
    async close({ graceMs }) {
      await workers.close({ graceMs });
      await host.close();
    },
  };
}

import type { Evening } from "../evening.ts";
import { must } from "./fault.ts";

/** Bytes of lines' messages that may wait for room in a queue, beyond the queue itself. */
const LATE_BYTES = 4 * 1024 * 1024;

/** Looking costs more than most steps: so many go by. */
const EVERY = 8;

/** What may never be more than it may be, after whatever happens. @throws Fault */
export function checkBounds({ server, network, plan }: Evening): void {
  const { party } = server;
  if (!party || !server.realm.isAlive) return;
  if (network.world.tasks % EVERY !== 0) return;
  const { workers, queued } = party.speech;
  must(workers <= 2, () => `${workers} workers in a pool of 2`);
  must(queued <= 256, () => `${queued} sentences wait for a worker`);
  for (const wire of network.wires) {
    const waiting = wire.server.bufferedAmount();
    must(waiting <= plan.queueBytes + LATE_BYTES, () => `${waiting} bytes wait for ${wire.device.player}`);
  }
  must(party.streams.utterances.length <= 64, () => "more lines than there may be");
}

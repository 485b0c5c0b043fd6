import type { Evening } from "../evening.ts";
import { PLAYERS } from "../plan.ts";
import { must } from "./fault.ts";
import { checkFiles } from "./files.ts";

/** Bytes of lines' messages that may wait for room in a queue, beyond the queue itself. */
const LATE_BYTES = 4 * 1024 * 1024;
/** Bytes of the largest message, which is sent whole: PCM of half a second, and a clip's chunk is less. */
const MESSAGE_BYTES = 32 * 1024;
/** Of the largest clip, as messages. */
const CLIP_BYTES = 16 * 1024;
/** Timers of a table where nobody is and nothing is said, and of each connection, line and listener of a line. */
const TIMERS = 16;
const TIMERS_EACH = 2;
/** More of them where much was asked while the server slept. */
const TIMERS_ASLEEP = 16;

/** Looking costs more than most steps: so many go by. */
const EVERY = 8;
/** And where it costs more. */
const SELDOM = 512;

/** What may never be more than it may be, after whatever happens. @throws Fault */
export function checkBounds({ server, network, plan, disk }: Evening): void {
  const { party } = server;
  if (!party || !server.realm.isAlive) return;
  const { tasks } = network.world;
  if (disk && tasks % SELDOM === 0) checkFiles(disk);
  if (tasks % EVERY !== 0) return;
  const { workers, queued } = party.speech;
  must(workers <= 2, () => `${workers} workers in a pool of 2`);
  must(queued <= 256, () => `${queued} sentences wait for a worker`);
  for (const wire of network.wires) {
    const waiting = wire.server.bufferedAmount();
    const most = plan.queueBytes + MESSAGE_BYTES;
    must(waiting <= most, () => `${waiting} bytes wait in the socket of ${wire.device.player}`);
  }
  const connections = party.connections.all();
  for (const { bufferedBytes, player } of connections) {
    const most = plan.queueBytes + MESSAGE_BYTES + LATE_BYTES;
    must(bufferedBytes <= most, () => `${bufferedBytes} bytes wait for ${player}`);
  }
  const lines = party.streams.utterances;
  must(lines.length <= 64, () => "more lines than there may be");
  for (const { keptBytes, clipBytes } of lines) {
    const most = plan.retainBytes + MESSAGE_BYTES;
    must(keptBytes <= most, () => `${keptBytes} bytes of frames are kept of a line`);
    must(clipBytes <= plan.retainBytes + CLIP_BYTES, () => `${clipBytes} bytes of clips are kept of a line`);
  }
  for (const player of PLAYERS) {
    const count = party.connections.connectionCount(player);
    must(count <= 8, () => `${player} has ${count} connections`);
  }
  must(party.lobby.count() <= 4096, () => "more sockets wait than may");
  const waiting = party.store.journal?.totals.waiting ?? 0;
  must(waiting <= 10_000, () => `${waiting} records wait for the disk`);
  const timers = server.realm.timers.size;
  const listeners = lines.reduce((sum, { subscriptions }) => sum + subscriptions.length, 0);
  const own = TIMERS + (server.realm.sleepsUntil > 0 ? TIMERS_ASLEEP : 0);
  const most = own + TIMERS_EACH * (connections.length + lines.length + listeners);
  must(
    timers <= most,
    () => `${timers} timers at ${connections.length} connections and ${lines.length} lines`,
  );
}

import { randomId } from "../../core/id.ts";
import type { BusConnection } from "../connection.ts";
import { openKvStore } from "./kv-store.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import type { LeaseClock } from "./lease-store.ts";
import type { LeaseOptions, Leases } from "./leases.ts";
import { liveSubjects } from "./live-subjects.ts";

const DEFAULT_BEAT_MS = 500;
const DEFAULT_SILENCE_MS = 2_000;
const DEFAULT_PROBE_MS = 200;
/** Beats that may be missed, at least, before that is silence. */
const BEATS_OF_SILENCE = 4;
const NODE_DIGITS = 8;
const LIFE_DIGITS = 8;

/**
 * This node's part in who holds which party. It takes part when the promise resolves.
 * @param connection the one for texts; it is not closed with the leases
 * @throws BardcastError `busy` where the store cannot be reached
 * @throws RangeError for times that fit no beat
 */
export async function createLeases(connection: BusConnection, options: LeaseOptions = {}): Promise<Leases> {
  const {
    node = randomId().slice(0, NODE_DIGITS),
    beatMs = DEFAULT_BEAT_MS,
    silenceMs = DEFAULT_SILENCE_MS,
    probeMs = DEFAULT_PROBE_MS,
    replicas = 1,
    log = () => undefined,
  } = options;
  if (!/^[\w-]+$/.test(node)) throw new RangeError("a node's name is of letters, digits, - and _");
  if (!(beatMs > 0 && probeMs > 0 && silenceMs >= BEATS_OF_SILENCE * beatMs))
    throw new RangeError(`silence begins after ${BEATS_OF_SILENCE} beats, or later`);
  const store = await openKvStore(connection, { waitMs: silenceMs / 2, replicas });
  // One that is killed with a question on its way answers never: it is soon asked again.
  const liveness = liveSubjects(connection, probeMs);
  const life = (): string => randomId().slice(0, LIFE_DIGITS);
  return LeaseKeeper.open(
    { store, liveness, clock: ownClock, life },
    { node, beatMs, silenceMs, probeMs, log },
  );
}

const ownClock: LeaseClock = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  every(ms, work) {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  },
};

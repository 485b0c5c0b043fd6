import { PROBE_ROOTS } from "../../../core/dsp/probe.ts";
import { MAX_TRIM_MS, type TunedDevice, type Untunable } from "../../../core/protocol/tuning.ts";
import type { HeardProbe } from "../../ear/hearing.ts";
import { driftOf, judge, median, planRounds, type Round, type Verdict } from "./rounds.ts";
import { type HeardDevice, trimsFor } from "./trims.ts";

/** What a device said when it was asked to play. */
export interface Probed {
  /** Moments at which it will. */
  placed: number;
  trimMs: number;
}

/** What of a probe's hearing counts. */
export type RoundHeard = Pick<HeardProbe, "lateMs" | "isHeard">;

/** The devices at a table, and an ear that hears them. */
export interface Room {
  devices: readonly TunedDevice[];
  /** ms on the server's clock. */
  now(): number;
  /** Resolves with what the device said; undefined: nothing. */
  probe(order: {
    device: number;
    root: number;
    level: number;
    momentsAt: number[];
  }): Promise<Probed | undefined>;
  /** Resolves with whether the device took it over. */
  trim(order: { device: number; ms: number; spreadMs: number }): Promise<boolean>;
  /** What is heard of a probe that was played at that moment of the server's clock. */
  hear(root: number, momentAt: number): Promise<RoundHeard>;
}

/** What became of a device. */
export type Outcome =
  /** It was so many ms later than most (earlier where negative), and is within so many now. */
  | { name: "together"; wasMs: number; withinMs: number }
  /** It was heard, and no other was. */
  | { name: "alone" }
  /** It was heard now sooner, now later: nothing was set, or what was set does not hold. */
  | { name: "unsteady" }
  | { name: "unheard" }
  /** It is further from the others than can be set. */
  | { name: "too-far"; wasMs: number }
  /** `old`: its page knows nothing of probes; `silent`: it has no sound. */
  | { name: "untunable"; why: Untunable | "old" | "silent" };

export interface Tuned extends TunedDevice {
  outcome: Outcome;
}

/** ms from a message to the first probe. */
const NOTICE_MS = 1_300;
/** Its peak, and once more where it was not heard. */
const LEVEL = 0.25;
const LOUDER = 0.5;
/** From one probe's root to the next one's: after some two hundred they come again. */
const ROOT_STEP = 12;
/** A device that is so far off just after it was put right does not hold still. */
const UNSTEADY_MS = 3;
/** Nothing is told more exactly. */
const LEAST_WITHIN_MS = 0.1;

/** What is known of a device. */
interface Known {
  rounds: Round[];
  level: number;
  probed: Probed;
}

/** Has the devices of a room play probes, one after the other, and tells each by how much it is late. */
export class RoomTuner {
  readonly #room: Room;
  readonly #onPlayed: (device: number, part: number) => void;
  readonly #known = new Map<number, Known>();
  readonly #outcomes = new Map<number, Outcome>();
  #fromAt = 0;
  /** Of the last probe. */
  #root = 0;
  #played = 0;

  /** @param onPlayed a device was listened to; `part`: how much of everything is done, 0…1 */
  constructor(room: Room, onPlayed: (device: number, part: number) => void = () => undefined) {
    this.#room = room;
    this.#onPlayed = onPlayed;
  }

  async run(): Promise<Tuned[]> {
    const { devices } = this.#room;
    for (const { device, why } of devices) if (why) this.#outcomes.set(device, { name: "untunable", why });
    // A phone may sound otherwise while it listens: what it says of itself is heard last.
    const inOrder = devices.toSorted((a, b) => Number(a.ear ?? false) - Number(b.ear ?? false));
    const able = inOrder.filter(({ why }) => !why).map(({ device }) => device);
    await this.#listen(able, 2, LEVEL);
    const doubtful = [...this.#known.keys()].filter((device) => this.#verdictOf(device).state !== "heard");
    if (doubtful.length > 0) await this.#listen(doubtful, 2, LOUDER);
    await this.#putRight();
    return devices.map((each) => ({
      ...each,
      outcome: this.#outcomes.get(each.device) ?? { name: "unheard" },
    }));
  }

  get #drift(): number {
    return driftOf([...this.#known.values()].map(({ rounds }) => rounds));
  }

  #verdictOf(device: number): Verdict {
    return judge(this.#known.get(device)?.rounds ?? [], this.#drift, this.#fromAt);
  }

  /** Lets each of them play so many times, and notes when it was heard. */
  async #listen(devices: readonly number[], rounds: number, level: number): Promise<void> {
    const startAt = this.#room.now() + NOTICE_MS;
    this.#fromAt ||= startAt;
    const plan = planRounds(devices, rounds, startAt);
    const play = async ([device, momentsAt]: [number, number[]]): Promise<void> => {
      const played = await Promise.all(
        momentsAt.map(async (momentAt) => {
          // Another one each time: the last device's next probe comes before the first is looked for no more.
          const root = this.#nextRoot();
          const probed = this.#room.probe({ device, root, level, momentsAt: [momentAt] });
          return { round: await this.#hear(device, root, momentAt), probed: await probed };
        }),
      );
      const probed = played.findLast((each) => each.probed)?.probed;
      if (!probed || played.every((each) => each.probed?.placed === 0)) {
        this.#known.delete(device);
        this.#outcomes.set(device, { name: "untunable", why: probed ? "silent" : "old" });
        return;
      }
      const before = this.#known.get(device)?.rounds ?? [];
      this.#known.set(device, { rounds: [...before, ...played.map(({ round }) => round)], level, probed });
    };
    await Promise.all([...plan].map(play));
  }

  #nextRoot(): number {
    this.#root = (this.#root + ROOT_STEP) % PROBE_ROOTS;
    return this.#root + 1;
  }

  async #hear(device: number, root: number, momentAt: number): Promise<Round> {
    const { isHeard, lateMs } = await this.#room.hear(root, momentAt);
    this.#played += 1;
    // Two rounds, and one to see whether it is right now.
    const all = 3 * this.#room.devices.filter(({ why }) => !why).length;
    this.#onPlayed(device, Math.min(1, this.#played / all));
    return { momentAt, lateMs: isHeard ? lateMs : undefined };
  }

  async #putRight(): Promise<void> {
    const heard = new Map<number, HeardDevice>();
    const spreads = new Map<number, number>();
    for (const [device, { probed }] of this.#known) {
      const verdict = this.#verdictOf(device);
      if (verdict.state !== "heard") this.#outcomes.set(device, { name: verdict.state });
      else {
        heard.set(device, { lateMs: verdict.lateMs, trimMs: probed.trimMs });
        spreads.set(device, verdict.spreadMs);
      }
    }
    if (heard.size < 2) {
      for (const device of heard.keys()) this.#outcomes.set(device, { name: "alone" });
      return;
    }
    const isAll = heard.size === this.#known.size;
    const usual = usualOf([...heard.values()].map(({ lateMs }) => lateMs));
    const trims = trimsFor(heard, isAll);
    const tooFar = [...trims].filter(([, ms]) => Math.abs(ms) >= MAX_TRIM_MS).map(([device]) => device);
    await this.#trim(trims, spreads);
    const left = await this.#listenAgain([...heard.keys()]);
    const better = new Map(
      [...left].map(([device, ms]) => [device, { lateMs: ms / 2, trimMs: trims.get(device) ?? 0 }]),
    );
    // What is left is half the device's and half chance: the middle of both listenings.
    if (better.size > 0) await this.#trim(trimsFor(better, isAll && better.size === heard.size), spreads);
    for (const [device, { lateMs }] of heard) {
      const wasMs = lateMs - usual;
      const off = left.get(device);
      const withinMs = Math.max(LEAST_WITHIN_MS, spreads.get(device) ?? 0, Math.abs(off ?? 0) / 2);
      const isSteady = off !== undefined && Math.abs(off) < UNSTEADY_MS;
      this.#outcomes.set(
        device,
        tooFar.includes(device)
          ? { name: "too-far", wasMs }
          : isSteady
            ? { name: "together", wasMs, withinMs }
            : { name: "unsteady" },
      );
    }
  }

  /** How far each is from the others now, ms; who is not heard is not among them. */
  async #listenAgain(devices: readonly number[]): Promise<Map<number, number>> {
    const drift = this.#drift;
    const levels = new Map(devices.map((device) => [device, this.#known.get(device)?.level ?? LEVEL]));
    for (const known of this.#known.values()) known.rounds = [];
    for (const level of [LEVEL, LOUDER]) {
      const those = devices.filter((device) => levels.get(device) === level);
      if (those.length > 0) await this.#listen(those, 1, level);
    }
    const lates = devices.flatMap((device) => {
      const verdict = judge(this.#known.get(device)?.rounds ?? [], drift, this.#fromAt);
      return verdict.state === "heard" ? [[device, verdict.lateMs] as const] : [];
    });
    const middle = median(lates.map(([, ms]) => ms));
    return new Map(lates.map(([device, ms]) => [device, ms - middle]));
  }

  async #trim(trims: ReadonlyMap<number, number>, spreads: ReadonlyMap<number, number>): Promise<void> {
    await Promise.all(
      [...trims].map(([device, ms]) =>
        this.#room.trim({ device, ms, spreadMs: Math.min(500, spreads.get(device) ?? 0) }),
      ),
    );
  }
}

/** What most are; of two, the sooner. */
function usualOf(lates: readonly number[]): number {
  return lates.toSorted((a, b) => a - b)[(lates.length - 1) >> 1] ?? 0;
}

import { probeGapMs } from "../../src/core/clock/probe-plan.ts";
import { type ClockEcho, RemoteClock } from "../../src/core/clock/remote-clock.ts";
import { type Random, seeded } from "./random.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { type DelayProfile, VirtualLink } from "./virtual-link.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface ProbedClockOptions {
  seed: number;
  up: DelayProfile;
  /** Without it, as the way up. */
  down?: DelayProfile;
  /** How far the two clocks drift apart; without it, up to 60 ppm. */
  ppm?: number;
}

/** A client that probes a server's clock by the plan, on virtual time, and the truth about both clocks. */
export class ProbedClock {
  readonly time: VirtualTime = new VirtualTime();
  readonly clock: RemoteClock = new RemoteClock();
  readonly local: VirtualClock;
  readonly server: VirtualClock;
  readonly up: VirtualLink<number>;
  readonly down: VirtualLink<ClockEcho>;
  /** Probes sent. */
  sent = 0;
  /** While false, nothing is sent: the device sleeps. */
  isAwake = true;

  constructor({ seed, up, down = up, ppm }: ProbedClockOptions) {
    const random: Random = seeded(seed);
    this.local = new VirtualClock(this.time, { offset: random() * 1e6, ppm: ppm ?? random() * 120 - 60 });
    this.server = new VirtualClock(this.time, { offset: 1e9, ppm: 0 });
    this.up = new VirtualLink(this.time, random, {
      profile: up,
      deliver: (t0) => this.down.send({ t0, t1: this.server.now, t2: this.server.now }),
    });
    this.down = new VirtualLink(this.time, random, {
      profile: down,
      deliver: (echo) => this.clock.learn(echo, this.local.now),
    });
    this.time.at(random() * 50, () => this.#probe());
  }

  /** ms by which the estimate is ahead of the server's clock. */
  get errorMs(): number {
    return (this.clock.remoteAt(this.local.now) ?? Number.NaN) - this.server.now;
  }

  #probe(): void {
    if (this.isAwake) {
      this.up.send(this.local.now);
      this.sent += 1;
    }
    const deviationMs = this.clock.deviationMs(this.local.now);
    this.time.in(probeGapMs({ sent: this.sent, ageMs: this.time.now, deviationMs }), () => this.#probe());
  }
}

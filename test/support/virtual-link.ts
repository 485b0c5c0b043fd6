import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How long messages take on one way, in ms: `baseMs` ± `jitterMs`, each as likely as the other, and now and then a spike. */
export interface DelayProfile {
  baseMs: number;
  jitterMs: number;
  /** How often there is one, and how long at most. */
  spikes?: { share: number; upToMs: number };
  /** The mean of what queues add, distributed exponentially. */
  queueMs?: number;
}

/** Networks of people who sit at one table, or far from it. */
export const NETWORKS: Readonly<Record<"lan" | "wifi" | "m40" | "m120", DelayProfile>> = {
  lan: { baseMs: 0.3, jitterMs: 0.2 },
  wifi: { baseMs: 3, jitterMs: 2, spikes: { share: 0.05, upToMs: 60 } },
  m40: { baseMs: 40, jitterMs: 20 },
  m120: { baseMs: 120, jitterMs: 40 },
};

export interface LinkOptions<Message> {
  profile: DelayProfile;
  deliver: (message: Message) => void;
}

/** One way of a connection: messages take their time, and arrive in the order they were sent, as over TCP. */
export class VirtualLink<Message> {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #deliver: (message: Message) => void;
  #lastArrival = 0;
  #isCut = false;
  /** May be changed at any time. */
  profile: DelayProfile;
  /** The share of messages that get lost; none do over TCP. */
  lossShare = 0;

  constructor(time: VirtualTime, random: Random, options: LinkOptions<Message>) {
    this.#time = time;
    this.#random = random;
    this.profile = options.profile;
    this.#deliver = options.deliver;
  }

  send(message: Message): void {
    if (this.#random() < this.lossShare) return;
    this.#lastArrival = Math.max(this.#lastArrival, this.#time.now + this.#delayMs());
    this.#time.at(this.#lastArrival, () => {
      if (!this.#isCut) this.#deliver(message);
    });
  }

  /** Nothing arrives for so long; then everything at once. */
  stall(ms: number): void {
    this.#lastArrival = Math.max(this.#lastArrival, this.#time.now + ms);
  }

  /** What is under way is lost, and all that is sent from now on. */
  cut(): void {
    this.#isCut = true;
  }

  #delayMs(): number {
    const { baseMs, jitterMs, spikes, queueMs = 0 } = this.profile;
    let ms = baseMs + (this.#random() * 2 - 1) * jitterMs - Math.log(1 - this.#random()) * queueMs;
    if (spikes && this.#random() < spikes.share) ms += this.#random() * spikes.upToMs;
    return ms;
  }
}

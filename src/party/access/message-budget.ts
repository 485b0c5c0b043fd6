/** The default budget: so many messages at once, and so many per second. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/**
 * What `bardcast/client` sends at most, in step with the others: after each `hello`, and whenever a page comes
 * back, 20 probes of the clock at once, then 20 a second for a minute (`probe-plan.ts`) and less from then on; what
 * it heard once a second, and up to 64 last words after a connection was lost. So one device needs 22 a second, and
 * 20 to 84 at once; a player has as many devices as the manager of connections lets in.
 */
export const DEVICE_RATE: Rate = { perSecond: 25, burst: 125 };
/** Behind one address (a flat, a proxy) are this many players, each with all of their devices at their busiest. */
const PLAYERS_AN_ADDRESS = 20;
/** Buckets that are kept; those that are full again go first. */
const MAX_BUCKETS = 4_096;
/** Bytes that cost as much as a message. */
const BYTES_A_MESSAGE = 1_024;
/** What it costs to open a socket, in messages. */
export const OPENING_COST = 20;

export interface BudgetLimits {
  /** Messages of one player; each KiB counts as one more, a new socket as 20. */
  player: Rate;
  /** The same of one IP address. */
  address: Rate;
}

/** The usual limits. @param devices that one player may have */
export function budgetLimits(devices: number): BudgetLimits {
  const player = { perSecond: DEVICE_RATE.perSecond * devices, burst: DEVICE_RATE.burst * devices };
  const { perSecond, burst } = player;
  return {
    player,
    address: { perSecond: perSecond * PLAYERS_AN_ADDRESS, burst: burst * PLAYERS_AN_ADDRESS },
  };
}

/** What a message costs. @param size in bytes or characters */
export function costOf(size: number): number {
  return 1 + Math.floor(size / BYTES_A_MESSAGE);
}

/**
 * How much clients may say: a bucket of tokens for each player and for each address (a "token bucket", RFC 2697
 * without its colours), on the monotonic clock.
 */
export class MessageBudget {
  /** What was refused since the start, and why. */
  readonly refused: { player: number; address: number } = { player: 0, address: 0 };
  readonly #players: Buckets;
  readonly #addresses: Buckets;

  /** @param now a monotonic clock in ms */
  constructor(limits: BudgetLimits, now: () => number = () => performance.now()) {
    this.#players = new Buckets(limits.player, now);
    this.#addresses = new Buckets(limits.address, now);
  }

  /**
   * Pays for something, where there is enough; else whose budget is used up. Where an address has used up its own,
   * only those behind it are refused who have used up half of theirs: nobody pays for their neighbour.
   */
  pay(player: string, address: string | undefined, cost: number): "player" | "address" | undefined {
    const own = this.#players.of(player);
    const shared = address === undefined ? undefined : this.#addresses.of(address);
    const lacking =
      own.level < cost
        ? "player"
        : shared && shared.level < cost && own.share < 1 / 2
          ? "address"
          : undefined;
    if (lacking) {
      this.refused[lacking] += 1;
      return lacking;
    }
    own.take(cost);
    shared?.take(cost);
    return undefined;
  }
}

class Buckets {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** The bucket of that name, filled up to now. */
  of(name: string): Bucket {
    const bucket = this.#buckets.get(name) ?? this.#add(name);
    bucket.fill(this.#now());
    return bucket;
  }

  #add(name: string): Bucket {
    if (this.#buckets.size >= MAX_BUCKETS) this.#makeRoom();
    const bucket = new Bucket(this.#rate, this.#now());
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #makeRoom(): void {
    for (const [name, bucket] of this.#buckets) {
      bucket.fill(this.#now());
      if (bucket.share === 1) this.#buckets.delete(name);
    }
    const [oldest] = this.#buckets.size >= MAX_BUCKETS ? this.#buckets.keys() : [];
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

class Bucket {
  readonly #rate: Rate;
  #level: number;
  #filledAt: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#level = rate.burst;
    this.#filledAt = now;
  }

  get level(): number {
    return this.#level;
  }

  /** 0…1 */
  get share(): number {
    return this.#level / this.#rate.burst;
  }

  fill(now: number): void {
    const earned = ((now - this.#filledAt) / 1000) * this.#rate.perSecond;
    this.#level = Math.min(this.#rate.burst, this.#level + earned);
    this.#filledAt = now;
  }

  take(cost: number): void {
    this.#level = Math.max(0, this.#level - cost);
  }
}

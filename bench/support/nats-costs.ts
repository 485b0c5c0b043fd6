interface Distribution {
  p50: number;
  p99: number;
}

/** What `bench/nats-cost.ts` measured; µs and ms are CPU, except for those called `…Ms` with a distribution, which are waits. */
export interface NatsCosts {
  /** Asking to the first frame of a short sentence: a pool of one's own, one over NATS, bare messages around one, and those alone. */
  firstFrameHereMs: Distribution;
  firstFrameThereMs: Distribution;
  firstFrameBareThereMs: Distribution;
  bareMessagesMs: Distribution;
  /** One hop of 5 KB, with our connection and with the bare client. */
  hopMs: Distribution;
  bareHopMs: Distribution;
  /** By how much nodes differ on the time, whose clocks are minutes apart and drift. */
  clockErrorMs: Distribution & { max: number };
  /** A node that only waits, beside two others: ms of CPU a second of its own, and of the server for all three. */
  idleNodeCpuMs: number;
  idleServerCpuMs: number;
  /** A party that is held and waits: µs of CPU a second, everywhere, and memory of the server. */
  idlePartyCpuUs: number;
  idlePartyKiB: number;
  /** ms until a party is claimed, 64 at once. */
  claimMs: number;
  /** A listener, for each second of speech, at the node where they sit; and the line itself, at the node that makes it. */
  edgeListenerUs: number;
  holderPartyUs: number;
  /** A second of speech: who speaks, who asked over NATS, and the server between them. */
  synthSecondUs: number;
  askSecondUs: number;
  busSynthSecondUs: number;
  /** Messages for a second of speech, both ways. */
  synthMessages: number;
  /** A burst of 5 KB: each in a turn of its own, and many in one. */
  sparse: BurstCosts;
  dense: BurstCosts;
}

/** µs of CPU for each burst. */
export interface BurstCosts {
  /** Bursts a second. */
  rate: number;
  publisherUs: number;
  subscriberUs: number;
  /** The server where nobody hears it, where one node does, and what each further node adds. */
  serverUs: number;
  serverOneNodeUs: number;
  deliveryUs: number;
}

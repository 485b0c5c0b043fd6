import type { Answer } from "../../core/protocol/answers.ts";
import type { Presence } from "../../core/protocol/presence.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { SpeechHostOptions } from "../../pool/create-speech-host.ts";
import type { TextStore } from "../../voices/text-store.ts";
import type { PassedHit } from "../sounds/shared-place.ts";
import type { LineCarrier } from "../speaking/line/line-carrier.ts";
import type { Role } from "../transport/role.ts";

/** Header of a request that names the line it is to say, so that it is said once however often it is asked for. */
export const UTTERANCE_HEADER = "Bardcast-Utterance";

/** A text that other processes keep and read, too. */
export interface SharedText extends TextStore {
  /** Calls back with the text whenever another process has written it, until the returned function is called. */
  watch(listener: (text: string) => void): () => void;
}

/** How a party's processes are, as one of them sees it. */
export interface ClusterStatus {
  /** This process. */
  node: string;
  /** Whether it makes the party's lines. */
  holds: boolean;
  /** Whether it is connected to the others. */
  connected: boolean;
  /** Whose listeners it knows of, itself among them. */
  nodes: string[];
  /** Messages that are not kept yet where all find them, and so told to nobody. */
  waiting: number;
  /** Times that this process has begun to make the party's lines. */
  taken: number;
}

/** Who is connected to one process. */
export interface HereAtTable {
  players: { id: string; connections: number; state: Presence["state"] }[];
  /** Those who hear what is for all and have no seat. */
  observers: number;
  encodings: Encoding[];
  /** Sockets of the game master. */
  consoles: number;
  /** ms from sending to hearing that one of them needs; left out: nobody has said. */
  latencyMs?: number;
}

/** What of a table its cluster has to know. */
export interface ClusterTable {
  /** Who is connected to this process, how they hear, and what sound they need. */
  here(): HereAtTable;
  /** Whether a player is connected to this process. */
  isHere(player: string): boolean;
  /** Calls back when a listener of this process comes, goes, or is otherwise. */
  onChange(listener: () => void): void;
  /** Who else is connected where has changed. */
  elsewhere(players: readonly Presence[]): void;
  /** A player has told something, at whichever process. A private answer comes where its player is, or the game master. */
  answered(answer: Answer): void;
  /** A short sound is to be sent to listeners of this process. @returns to how many connections it was */
  hit(hit: PassedHit): number;
}

/** One process's part in a party that several processes serve. */
export interface ClusterNode {
  readonly lines: LineCarrier;
  /** What the party remembers: seats, links that are void, settings. */
  readonly memory: SharedText;
  readonly status: ClusterStatus;
  /** The table is set: it takes part from now on. */
  attach(table: ClusterTable): Promise<void>;
  /** Resolves when all is here that somebody may hear who is about to be let in; where nobody answers, soon. Never rejects. */
  admit(who: { player: string; role: Role; isV2: boolean }): Promise<void>;
  /** Has this process answer what others are asked. */
  serve(answer: (request: Request) => Promise<Response>): void;
  /**
   * Has the process answer that makes the party's lines; resolves with undefined where that is this one.
   * @throws BardcastError `busy` where nobody answers
   */
  forward(request: Request): Promise<Response | undefined>;
  /** Has this process answer, whoever makes the party's lines. */
  here(request: Request): Promise<Response>;
  /** Keeps what a player has told, for all processes; resolves with false where it was not kept, and nobody told of it. Never rejects. */
  keep(answer: Answer): Promise<boolean>;
  /** Has other processes send a short sound; resolves with to how many connections they say they did. Never rejects. */
  pass(hit: PassedHit): Promise<number>;
  /** Takes part no longer; lines that it makes are to be over before. */
  close(): Promise<void>;
}

/** What lets several processes serve the same parties: `nats` of `bardcast/nats`. */
export interface Cluster {
  /** Takes part in a party. @throws BardcastError where the others cannot be reached */
  join(party: string, options: { log: (message: string) => void }): Promise<ClusterNode>;
  /** Has sentences spoken by workers of all processes; by default each process has its own speak. */
  createHost?: SpeechHostOptions["createHost"];
  close(): Promise<void>;
}

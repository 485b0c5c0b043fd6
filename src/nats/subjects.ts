import { stableHash } from "../core/stable-choice.ts";

/** Of everything here; another number means another layout. */
const PREFIX = "bc1";
/** Streams that parties share: a server ends at some ten thousand streams, and one of them is slow to be searched. */
const SHARDS = 32;

/** The subjects and streams of one party. A party's id has small letters, digits, `-` and `_`. */
export interface PartySubjects {
  /** The stream of its log, and the log in it. */
  readonly stream: string;
  readonly streamSubjects: string;
  readonly log: string;
  /** Its holder tells every node with listeners what is for all. */
  readonly told: string;
  /** The same of sound, in one encoding. */
  sound(encoding: string): string;
  /** Only one node is told, of what is for players there. */
  inbox(node: string): string;
  inboxSound(node: string): string;
  /** A node is asked to send a short sound to its listeners. */
  hit(node: string): string;
  /** A node is asked for a text that is being written to it. */
  body(node: string, id: string): string;
  /** Nodes tell each other who listens there. */
  readonly here: string;
  /** Its holder is asked for what a node has missed, … */
  readonly ask: string;
  /** … to do something, … */
  readonly do: string;
  /** … and told what listeners at a node need and heard. */
  readonly heard: string;
}

/** @throws nothing: the id was checked where the party was made */
export function subjectsOf(party: string): PartySubjects {
  const name = nameOf(party);
  const shard = stableHash(party) % SHARDS;
  const of = `${PREFIX}.p.${name}`;
  return {
    stream: `${PREFIX.toUpperCase()}_LOG_${shard}`,
    streamSubjects: `${PREFIX}.log.${shard}.>`,
    log: `${PREFIX}.log.${shard}.${name}`,
    told: `${of}.all.log`,
    sound: (encoding) => `${of}.all.f.${encoding}`,
    inbox: (node) => `${PREFIX}.n.${node}.p.${name}.w.log`,
    inboxSound: (node) => `${PREFIX}.n.${node}.p.${name}.w.f`,
    hit: (node) => `${PREFIX}.n.${node}.p.${name}.h`,
    body: (node, id) => `${PREFIX}.n.${node}.p.${name}.b.${id}`,
    here: `${of}.all.here`,
    ask: `${of}.ask`,
    do: `${of}.do`,
    heard: `${of}.heard`,
  };
}

/** A token of a subject, and of a key: whatever else is in a party's id is written in hex. */
export function nameOf(party: string): string {
  return /^[\w-]+$/.test(party)
    ? party
    : `=${[...new TextEncoder().encode(party)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

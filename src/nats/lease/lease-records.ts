import { BardcastError } from "../../core/errors.ts";

/** What a session's key reads once it was declared dead; nothing is ever written there again. */
export const DEAD = "dead";
/** What the keys of all sessions begin with. */
export const SESSIONS = "node.";

/** A party's key: who holds it, or, with an empty name, who held it last. */
export interface PartyRecord {
  session: string;
  epoch: number;
}

/** The node that lives, or lived, under a session's name. */
export function nodeOf(session: string): string {
  return session.slice(0, session.lastIndexOf("-"));
}

export function sessionKey(session: string): string {
  return SESSIONS + session;
}

export function partyKey(party: string): string {
  return `party.${party}`;
}

/** @param born the revision at which the session's key was made; 0 where that is this one */
export function writeBeat(born: number, count: number): string {
  return `${born}:${count}`;
}

/** The revision at which a session's key was made: the lower, the older the session. */
export function readBorn(value: string, revision: number): number {
  return Number.parseInt(value, 10) || revision;
}

export function writePartyRecord({ session, epoch }: PartyRecord): string {
  return JSON.stringify({ s: session, e: epoch });
}

/** @throws BardcastError `internal` where somebody else wrote it */
export function readPartyRecord(value: string): PartyRecord {
  try {
    const { s, e } = JSON.parse(value) as { s?: unknown; e?: unknown };
    if (typeof s === "string" && Number.isSafeInteger(e)) return { session: s, epoch: e as number };
  } catch {
    // Not even JSON.
  }
  throw new BardcastError("internal", "the record of who holds a party is none of ours");
}

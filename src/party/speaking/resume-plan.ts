import type { Codec, ResumePoint } from "../../core/protocol/v2.ts";
import { type LoggedMessage, type MessageLog, renumbered } from "../fan-out/message-log.ts";
import type { Place, Subscription } from "../fan-out/subscription.ts";
import { type Connection, isV2 } from "../transport/connection.ts";
import type { Sequencer } from "../transport/sequencer.ts";
import type { ActiveUtterance } from "./active-utterance.ts";
import type { History } from "./history.ts";

/** What a listener who connects, or comes back, is sent first, and what they then listen to. */
export interface ResumePlan {
  /** Every message that follows has a higher number. */
  offset: number;
  /** Everything that was missed follows, sound included. */
  recovered: boolean;
  messages: readonly LoggedMessage[];
  /** The utterances to listen to, and where to start in each. */
  places: readonly ({ utterance: ActiveUtterance } & Place)[];
  /** Utterances that end with these messages, because nothing is left of their sound. */
  texts: readonly MessageLog[];
}

/**
 * Finds out what a player who opens a connection has missed.
 * @param codec in which their client is sent sound
 * @param addressed.live utterances that are not over and are addressed to the player
 * @param addressed.past the same, over
 * @param addressed.texts the same, of which only the text is left
 * @param point where their client was, in this epoch; undefined for one who is new
 * @param numbers of the party's messages
 */
export function planResume(
  { player, codec }: { player: string; codec: Codec },
  addressed: {
    live: readonly ActiveUtterance[];
    past: readonly ActiveUtterance[];
    texts: readonly MessageLog[];
    history: Pick<History, "covers">;
  },
  point: ResumePoint | undefined,
  numbers: Pick<Sequencer, "offset" | "nextOffset">,
): ResumePlan {
  if (!point || point.anew) {
    const texts = point ? missedTexts(addressed, point.offset) : [];
    const messages = inOrder([
      ...texts.flatMap((log) => log.after(0).filter(({ about }) => about === "words")),
      ...addressed.live.flatMap((utterance) => utterance.messages.after(0)),
    ]);
    return {
      offset: numbers.offset,
      recovered: false,
      // By the numbers they had, other lines that are not told would seem to be missing to who is cut off now.
      messages: messages.map((message) => renumbered(message, numbers.nextOffset())),
      places: addressed.live.map((utterance) => ({ utterance, sequence: undefined, isTold: true })),
      texts: texts.filter((log) => !log.isCancelled),
    };
  }
  const all = [...addressed.past, ...addressed.live];
  const told = [...addressed.texts, ...all.map(({ messages }) => messages)];
  const messages = inOrder(told.flatMap((log) => log.after(point.offset)));
  const places = all.flatMap((utterance) => {
    const sequence = placeIn(utterance.messages, point);
    const isTold = utterance.messages.firstOffset > point.offset;
    return sequence === undefined ? [] : [{ utterance, sequence, isTold }];
  });
  const known = new Set(all.map((utterance) => utterance.messages.handle));
  // Who comes from another process may know more than has come to this one.
  const recovered =
    point.offset <= numbers.offset &&
    addressed.history.covers(player, point.offset) &&
    point.utterances.every(([handle]) => known.has(handle)) &&
    places.every(
      ({ utterance, sequence }) => utterance.messages.isCancelled || utterance.reaches(sequence, codec),
    );
  return {
    offset: point.offset,
    recovered,
    messages,
    places,
    texts: addressed.texts.filter((log) => !log.isCancelled && placeIn(log, point) !== undefined),
  };
}

/** Those that ended while a page was loaded anew. What it has of one that had begun before is told again. */
function missedTexts(
  { past, texts }: { past: readonly ActiveUtterance[]; texts: readonly MessageLog[] },
  offset: number,
): MessageLog[] {
  const logs = [...texts, ...past.map(({ messages }) => messages)];
  return logs.filter(({ lastWordsOffset }) => lastWordsOffset > offset);
}

/**
 * Lets somebody listen to an utterance that begins here. Where it comes late from another process, who was there knows it
 * already: they go on where they were, or have all of it.
 */
export function listenTo(utterance: ActiveUtterance, connection: Connection): Subscription | undefined {
  const { messages } = utterance;
  const { resume: point } = connection.v2 ?? {};
  if (!isV2(connection) || !point || messages.firstOffset > connection.v2.knownTo)
    return utterance.listen(connection);
  const sequence = placeIn(messages, point);
  return sequence === undefined ? undefined : utterance.resume(connection, { sequence, isTold: false });
}

/** The frame after which a client goes on; −1 for the whole utterance, undefined where it has all of it. */
function placeIn(messages: MessageLog, point: ResumePoint): number | undefined {
  if (messages.firstOffset > point.offset) return -1;
  return point.utterances.find(([handle]) => handle === messages.handle)?.[1];
}

function inOrder(messages: LoggedMessage[]): LoggedMessage[] {
  return messages.sort((a, b) => a.offset - b.offset);
}

/** Ids of those that a client has not seen the end of. */
export function openOf(texts: readonly MessageLog[], { utterances }: ResumePoint): string[] {
  const open = new Set(utterances.map(([handle]) => handle));
  return texts.flatMap(({ handle, utterance }) => (open.has(handle) ? [utterance] : []));
}

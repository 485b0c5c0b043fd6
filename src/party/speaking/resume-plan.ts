import type { Codec, ResumePoint } from "../../core/protocol/v2.ts";
import type { LoggedMessage, MessageLog } from "../fan-out/message-log.ts";
import type { Place } from "../fan-out/subscription.ts";
import type { ActiveUtterance } from "./active-utterance.ts";
import type { History, SilentLine } from "./history.ts";

/** What somebody who comes (back) is told before anything else, and listens to then. */
export interface ResumePlan {
  /** Every message that follows has a higher number. */
  offset: number;
  /** Everything that was missed follows, sound included. */
  recovered: boolean;
  messages: readonly LoggedMessage[];
  /** Lines to listen to, and from where on. */
  lines: readonly ({ line: ActiveUtterance } & Place)[];
  /** Lines that end with these messages, because nothing is left of their sound. */
  silent: readonly MessageLog[];
}

/**
 * Finds out what a player who opens a connection has missed.
 * @param codec in which their client is sent sound
 * @param live lines that are not over and are addressed to the player
 * @param past the same, over
 * @param silent the same, of which only the text is left
 * @param point where their client was, in this epoch; undefined for one who is new
 * @param now the party's last offset
 */
export function planResume(
  { player, codec }: { player: string; codec: Codec },
  lines: {
    live: readonly ActiveUtterance[];
    past: readonly ActiveUtterance[];
    silent: readonly SilentLine[];
    history: History;
  },
  point: ResumePoint | undefined,
  now: number,
): ResumePlan {
  if (!point) {
    const messages = inOrder(lines.live.flatMap((line) => line.messages.after(0)));
    const offset = (messages[0]?.offset ?? now + 1) - 1;
    return {
      offset,
      recovered: false,
      messages,
      lines: lines.live.map((line) => ({ line, sequence: undefined, isTold: true })),
      silent: [],
    };
  }
  const all = [...lines.past, ...lines.live];
  const told = [...lines.silent, ...all];
  const messages = inOrder(told.flatMap(({ messages }) => messages.after(point.offset)));
  const places = all.flatMap((line) => {
    const sequence = placeIn(line.messages, point);
    const isTold = line.messages.firstOffset > point.offset;
    return sequence === undefined ? [] : [{ line, sequence, isTold }];
  });
  const known = new Set(all.map((line) => line.messages.handle));
  const recovered =
    lines.history.covers(player, point.offset) &&
    point.utterances.every(([handle]) => known.has(handle)) &&
    places.every(({ line, sequence }) => line.messages.isCancelled || line.reaches(sequence, codec));
  return {
    offset: point.offset,
    recovered,
    messages,
    lines: places,
    silent: lines.silent
      .map(({ messages }) => messages)
      .filter((messages) => !messages.isCancelled && placeIn(messages, point) !== undefined),
  };
}

/** The frame after which a client goes on; −1 for the whole line, undefined where it has all of it. */
function placeIn(messages: MessageLog, point: ResumePoint): number | undefined {
  if (messages.firstOffset > point.offset) return -1;
  return point.utterances.find(([handle]) => handle === messages.handle)?.[1];
}

function inOrder(messages: LoggedMessage[]): LoggedMessage[] {
  return messages.sort((a, b) => a.offset - b.offset);
}

import type { PlayerStatus, QueuedUtterance } from "../../core/protocol/api.ts";
import { displayName, displayNames } from "../shared/names.ts";
import { doubtIn } from "./composer/doubts.ts";
import { replaceAll } from "./composer/insert.ts";
import type { Piece } from "./news.tsx";
import { isHere, seatState } from "./seat-state.ts";
import type { Console } from "./use-console.ts";
import type { StatusWatch } from "./use-status.ts";

/** The first thing to know before the next line, if there is any. */
export function newsOf(props: {
  watch: StatusWatch;
  table: Console;
  /** What else has failed. */
  troubles: readonly (string | undefined)[];
  sounding: readonly QueuedUtterance[];
  boxRef: { current: HTMLTextAreaElement | null };
}): Piece | undefined {
  const { watch, table, sounding, boxRef } = props;
  if (watch.problem !== undefined) {
    return { words: watch.problem, isTrouble: true, mend: { words: "Try now", onMend: watch.refresh } };
  }
  const trouble = [table.trouble, ...props.troubles].find((each) => each !== undefined);
  if (trouble !== undefined) return { words: trouble, isTrouble: true };
  if (watch.status?.cluster?.connected === false) {
    const words = "The connection between this table’s machines is lost: new lines wait until it is back.";
    return { words, isTrouble: true };
  }
  const doubt = doubtIn(table.text, (name) => isKnown(table, name), table.sounds);
  if (doubt) {
    const { tag, words, instead } = doubt;
    const onMend = (): void => {
      const { current: box } = boxRef;
      if (box && instead !== undefined) replaceAll(box, box.value.replace(tag, instead));
    };
    return { words, ...(instead === undefined ? {} : { mend: { words: `Write ${instead}`, onMend } }) };
  }
  if (table.isHeldUp) return { words: "It waits: what sounds is more urgent than this kind of line." };
  const players = watch.status?.players ?? [];
  return away(table, players, sounding) ?? unheard(table, players, sounding);
}

function isKnown({ voices, draft }: Console, name: string): boolean {
  const key = displayName(name).toLowerCase();
  return [...voices.speakers, draft.npc.name].some((speaker) => displayName(speaker).toLowerCase() === key);
}

/** What the table's loudspeakers keep from being heard. */
function unheard(
  { draft }: Console,
  players: readonly PlayerStatus[],
  sounding: readonly QueuedUtterance[],
): Piece | undefined {
  const loudspeakers = players.filter(({ loudspeaker }) => loudspeaker);
  const names = (some: readonly PlayerStatus[]): string => displayNames(some.map(({ id }) => id));
  const whispered = loudspeakers.filter(({ id }) => draft.to.includes(id));
  if (whispered.length > 0)
    return { words: `${names(whispered)} will only read this: whispers never sound from a loudspeaker.` };
  const isOff = loudspeakers.every((player) => !isHere(seatState(player, sounding)));
  if (draft.to.length > 0 || loudspeakers.length === 0 || !isOff) return undefined;
  return { words: `The table’s loudspeaker (${names(loudspeakers)}) is away: everyone reads, nobody hears.` };
}

function away(
  { draft }: Console,
  players: readonly PlayerStatus[],
  sounding: readonly QueuedUtterance[],
): Piece | undefined {
  const gone = draft.to.filter((id) => {
    const player = players.find((each) => each.id === id);
    return !player || !isHere(seatState(player, sounding));
  });
  if (gone.length === 0) return undefined;
  return {
    words: `${displayNames(gone)} ${gone.length > 1 ? "are" : "is"} away and will not hear this now.`,
  };
}

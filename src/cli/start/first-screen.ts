import { commandLine } from "../command-line.ts";

/** Players that are listed: with all that is said besides, they fit on a terminal of 24 rows. */
const MAX_LISTED = 5;

/** What a first screen tells. */
export interface FirstScreen {
  /** The console's link. */
  dm: string;
  players: readonly { id: string; url: string }[];
  /** Why links may be of no use to others, where they may. */
  reach: string | undefined;
  /** Where the voices are. */
  voices: string | undefined;
  /** How to get better ones, for whoever has none. */
  install: string | undefined;
  /** Whether the codes can be shown here. */
  hasCodes: boolean;
}

/** What is told of a table that is ready, in at most 24 rows of 80 columns where links are of a usual length. */
export function firstScreen({ dm, players, reach, voices, install, hasCodes }: FirstScreen): string[] {
  const listed = players.slice(0, MAX_LISTED);
  const width = Math.max(...listed.map(({ id }) => id.length), 0);
  const more = players.length - listed.length;
  return [
    "The table is ready.",
    "",
    "The game master's console, for you alone:",
    `  ${dm}`,
    "",
    "The players' page, for each player by a link of their own:",
    ...listed.map(({ id, url }) => `  ${id.padEnd(width)}  ${url}`),
    ...(more > 0 ? [`  and ${more} more: the console has all invitations`] : []),
    "",
    ...(reach === undefined ? [] : [...reach.split("\n"), ""]),
    "What to do next:",
    "  1. Open the console.",
    hasCodes
      ? "  2. Press Enter here: each time a code for one player's phone."
      : "  2. Give each player their link; the console has them as codes, too.",
    `  3. Say something, there or by: ${commandLine('say "Well met."')}`,
    "",
    ...(install === undefined ? [] : [`For voices that sound like people: ${install}`]),
    voices === undefined ? "Stop with Ctrl+C." : `Voices: ${voices}. Stop with Ctrl+C.`,
  ];
}

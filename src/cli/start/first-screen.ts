import { commandLine } from "../command-line.ts";

/** A terminal that nobody has made larger; the last row is the cursor's. */
const [ROWS, COLUMNS] = [23, 80];

/** What a first screen tells. */
export interface FirstScreen {
  /** The console's link. */
  dm: string;
  players: readonly { id: string; url: string }[];
  /** Why links may be of no use to others, where they may. */
  reach: string | undefined;
  /** Where the voices are. */
  voices: string | undefined;
  /** How to get better ones, for whoever has none; else empty. */
  voiceOffer: string;
  /** Whether the codes can be shown here. */
  hasCodes: boolean;
}

/** What is told of a table that is ready, on one screen: as many players are listed as there is room for. */
export function firstScreen({ dm, players, reach, voices, voiceOffer, hasCodes }: FirstScreen): string[] {
  const before = [
    "The table is ready.",
    "",
    "The game master's console, for you alone:",
    `  ${dm}`,
    "",
    "The players' page, for each player by a link of their own:",
  ];
  const after = [
    "",
    ...(reach === undefined ? [] : [...reach.split("\n"), ""]),
    "What to do next:",
    "  1. Open the console.",
    hasCodes
      ? "  2. Press Enter here: each time a code for one player's phone."
      : "  2. Give each player their link; the console has them as codes, too.",
    `  3. Say something, there or by: ${commandLine('say "Well met."')}`,
    "",
    ...voiceOffer.split("\n").filter(Boolean),
    voices === undefined ? "Stop with Ctrl+C." : `Voices: ${voices}. Stop with Ctrl+C.`,
  ];
  return [...before, ...listed(players, ROWS - rowsOf([...before, ...after])), ...after];
}

function listed(players: FirstScreen["players"], room: number): string[] {
  const width = Math.max(...players.map(({ id }) => id.length), 0);
  const lines = players.map(({ id, url }) => `  ${id.padEnd(width)}  ${url}`);
  while (rowsOf(lines) > room && lines.length > 1) lines.pop();
  if (lines.length === players.length) return lines;
  lines.pop();
  return [...lines, `  and ${players.length - lines.length} more: the console has all invitations`];
}

/** Rows that lines take on a terminal. */
function rowsOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / COLUMNS)), 0);
}

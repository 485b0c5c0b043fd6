import type { Command } from "commander";
import { DEFAULT_CAMPAIGN, namesIn, UsageError } from "../options.ts";

/** Which table is meant, as it was typed. */
export interface TypedTableOptions {
  campaign: string;
  url?: string;
  token?: string;
}

/** What is to be said, and to whom, as it was typed. */
export interface TypedSayOptions extends TypedTableOptions {
  to?: string;
  as?: string;
  race?: string;
  gender?: string;
  voice?: string;
  cast?: true;
  context?: string;
  priority?: string;
  interrupt?: true | string;
  stream?: boolean;
  wait: boolean;
  json?: boolean;
}

/** Tells a command how a running table is named. */
export function addTableOptions(command: Command): Command {
  return command
    .option("--campaign <folder>", "folder of the table, which finds it on this machine", DEFAULT_CAMPAIGN)
    .option("--url <url>", "address of the table, where it runs elsewhere")
    .option(
      "--token <token>",
      "the DM's token or a service's (better in BARDCAST_DM_TOKEN, where nobody sees it)",
    );
}

/** Tells a command what can be said of a line. */
export function addSayOptions(command: Command): Command {
  return addSpeakerOptions(addTableOptions(command))
    .option("--to <players>", "who hears it: all, or names with commas between them", "all")
    .option("--priority <number>", "higher is heard first")
    .addOption(
      command
        .createOption(
          "--interrupt [how]",
          "put it before what is being said; drop: which then does not go on",
        )
        .choices(["drop"]),
    )
    .option("--stream", "say stdin as one line, while it is written")
    .option("--no-wait", "do not wait until it is heard: print the line's id")
    .option("--json", "print what became of each line as one line of JSON");
}

/** Tells a command whose line it is. */
export function addSpeakerOptions(command: Command): Command {
  return command
    .option("--as <name>", "who speaks: dm (the default), combat, or an NPC")
    .option("--race <race>", "of an NPC without a voice in the registry")
    .option("--gender <gender>", "of the same")
    .option("--voice <voice>", "another voice: its id, or JSON as in the registry")
    .option("--cast", 'lines that begin with a name, "Mara: Run!", are said in that character\'s voice')
    .option(
      "--context <context>",
      "combat, dialogue, narration or ambient: sets the engine, and what is heard first",
    );
}

/** Speakers who are no NPCs. */
const NARRATORS: ReadonlySet<string> = new Set(["dm", "combat"]);

/** Whose line it is, as `POST /api/speak` takes it. @throws UsageError */
export function speakerOf({
  as,
  race,
  gender,
  voice,
  cast,
  context,
}: Pick<TypedSayOptions, "as" | "race" | "gender" | "voice" | "cast" | "context">): {
  speaker?: string;
  npc?: { name: string; race?: string; gender?: string };
  voice?: unknown;
  cast?: "from text";
  context?: string;
} {
  const traits = { ...(race === undefined ? {} : { race }), ...(gender === undefined ? {} : { gender }) };
  if (as === undefined && Object.keys(traits).length > 0)
    throw new UsageError("--race and --gender are of an NPC: name it with --as");
  const isNpc = as !== undefined && !NARRATORS.has(as);
  return {
    ...(as === undefined ? {} : isNpc ? { npc: { name: as, ...traits } } : { speaker: as }),
    ...(voice === undefined ? {} : { voice: voice.startsWith("{") ? jsonOf("--voice", voice) : voice }),
    ...(cast ? { cast: "from text" } : {}),
    ...(context === undefined ? {} : { context }),
  };
}

/** Who is to hear it. */
export function audienceOf({ to = "all" }: Pick<TypedSayOptions, "to">): "all" | string[] {
  return to === "all" ? to : namesIn(to);
}

function jsonOf(flag: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${flag} begins with { and is not JSON`);
  }
}

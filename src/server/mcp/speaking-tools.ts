import {
  type CallToolResult,
  type McpServer,
  SdkError,
  SdkErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { onAbort } from "../../core/async/on-abort.ts";
import type { LineStatus, LinesEnded } from "../../core/protocol/api.ts";
import { CONTEXTS } from "../../engines/routing/tiers.ts";
import type { Preparation } from "../../party/speaking/preparer.ts";
import { followLine } from "./line-follower.ts";
import { LineProgress } from "./line-progress.ts";
import { sending, type TableApi } from "./table-api.ts";
import { attempt, lineResult, result } from "./tool-result.ts";

/** s for which a tool waits until a line is heard: less than the minute after which most clients give up. */
const WAIT_S = 50;
const MAX_WAIT_S = 600;

const text = z
  .string()
  .describe("What is said: prose as it is to be heard and read. Markdown is understood.");
const to = z.array(z.string()).describe("Players who get it, by the ids of list_players.");
const interrupt = z
  .union([z.boolean(), z.literal("drop")])
  .optional()
  .describe(
    'true: before what is being said, which goes on afterwards; "drop": which ends. Default: it waits its turn.',
  );
const wait = z
  .number()
  .min(0)
  .max(MAX_WAIT_S)
  .default(WAIT_S)
  .describe("Seconds to wait until it is heard. 0: answer at once; what_became_of tells later who heard it.");
const context = z
  .enum(CONTEXTS)
  .optional()
  .describe("What kind of line it is; sets the engine, and what is heard first.");
const cast = z
  .literal("from text")
  .optional()
  .describe(
    '"from text": a line of the text that begins with a name, "Mara: Run!", is said in that character\'s voice; the others are yours.',
  );
const name = z.string().describe("The character's name. One name keeps one voice.");
const race = z
  .string()
  .optional()
  .describe("Chooses a voice for a character who has none yet: elf, dwarf, ...");
const gender = z.string().optional().describe("Chooses a voice for a character who has none yet.");

/** Whose tools they are. */
export interface Speaking {
  table: TableApi;
  /** Whether a connection that is closed takes back what was asked on it, as MCP says over HTTP since 2026-07-28. */
  endsWithConnection: boolean;
  /** Whether all that is said may be seen, and ended. */
  mayManage: boolean;
}

/** Tools that say something, and end it: for the DM and for services. */
export function addSpeakingTools(server: McpServer, speaking: Speaking): void {
  const { table } = speaking;
  const say = (request: object, waitS: number, ctx: ServerContext): Promise<CallToolResult> =>
    attempt(() => said(speaking, request, waitS, ctx));

  server.registerTool(
    "narrate",
    {
      description:
        "Say something to everybody at the table as the game master; tells who heard it, and who was not here.",
      inputSchema: z.object({ text, cast, context, interrupt, wait }),
    },
    ({ wait, ...line }, ctx) => say(line, wait, ctx),
  );
  server.registerTool(
    "npc_say",
    {
      description: "Say something as a character, to everybody or to some players; tells who heard it.",
      inputSchema: z.object({ name, text, to: to.optional(), race, gender, interrupt, wait }),
    },
    (args, ctx) => {
      const npc = { name: args.name, race: args.race, gender: args.gender };
      return say({ text: args.text, to: args.to, npc, interrupt: args.interrupt }, args.wait, ctx);
    },
  );
  server.registerTool(
    "whisper",
    {
      description: "Say something to some players alone: nobody else hears or reads it, or learns of it.",
      inputSchema: z.object({ to, text, name: name.optional(), wait }),
    },
    (args, ctx) => {
      const npc = args.name === undefined ? {} : { npc: { name: args.name } };
      return say({ text: args.text, to: args.to, ...npc }, args.wait, ctx);
    },
  );
  server.registerTool(
    "what_became_of",
    {
      description: "Who has heard a line, and how much of it: while it is said, and afterwards.",
      inputSchema: z.object({ line: z.string().describe("The line's id.") }),
      annotations: { readOnlyHint: true },
    },
    ({ line }) =>
      attempt(async () => lineResult(await table.call<LineStatus>(`/speak/${encodeURIComponent(line)}`))),
  );
  server.registerTool(
    "stop",
    {
      description:
        "End a line at once, or without an id all that is being said or waits; a service ends its own alone.",
      inputSchema: z.object({ line: z.string().optional().describe("The line's id.") }),
      annotations: { idempotentHint: true },
    },
    ({ line }) =>
      attempt(async () => {
        const lines = line === undefined ? await allEnded(table) : [await ended(table, line)];
        return result([lines.length === 0 ? "Nothing was being said." : `Ended: ${lines.join(", ")}.`], {
          ended: lines,
        });
      }),
  );
  server.registerTool(
    "prepare",
    {
      description:
        "Have a line made ahead, so that it starts at once when it is said. Nobody hears or reads any of it.",
      inputSchema: z.object({ text, name: name.optional() }),
      annotations: { idempotentHint: true },
    },
    (args) =>
      attempt(async () => {
        const npc = args.name === undefined ? {} : { npc: { name: args.name } };
        const made = await table.call<Preparation>("/prepare", sending("POST", { text: args.text, ...npc }));
        return result([`${made.cached} of ${made.sentences} sentences are ready to be said.`], made);
      }),
  );
}

/** Says a line and follows it; that it was told to the table does not depend on whether anybody waits for the answer. */
async function said(
  { table, endsWithConnection }: Speaking,
  request: object,
  waitS: number,
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  const { utterance } = await table.call<{ utterance: string }>(
    "/speak",
    sending("POST", request, "respond-async"),
  );
  const { signal } = mcpReq;
  const stopWatching = onAbort(signal, () => {
    if (endsWithConnection || !isHungUp(signal.reason)) void ended(table, utterance).catch(() => undefined);
  });
  const progress = new LineProgress(mcpReq);
  try {
    const line = await followLine(table, utterance, {
      waitMs: waitS * 1000,
      signal,
      onProgress: progress.tell,
    });
    return lineResult(line);
  } finally {
    stopWatching();
  }
}

/** Whether somebody has gone, and not said that the line is not wanted any more. */
function isHungUp(reason: unknown): boolean {
  return reason instanceof SdkError && reason.code === SdkErrorCode.ConnectionClosed;
}

async function ended(table: TableApi, utterance: string): Promise<string> {
  await table.call(`/speak/${encodeURIComponent(utterance)}`, { method: "DELETE" });
  return utterance;
}

async function allEnded(table: TableApi): Promise<string[]> {
  return (await table.call<LinesEnded>("/speak", { method: "DELETE" })).cancelled;
}

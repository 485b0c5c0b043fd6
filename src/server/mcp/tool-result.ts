import type { CallToolResult } from "@modelcontextprotocol/server";
import { type ErrorCode, toWire } from "../../core/errors.ts";
import type { LineStatus, ListenerProgress } from "../../core/protocol/api.ts";
import { deliveryWords } from "./delivery-words.ts";

/** What to do next, where the message does not say so already. */
const NEXT: Readonly<Partial<Record<ErrorCode, string>>> = {
  "unknown-player": "Name only players who have a seat.",
  "unknown-utterance": "Lines are named by the id that narrate, npc_say and whisper answer.",
  "text-too-long": "Say it in several lines.",
  "text-empty": "Give it words that can be spoken.",
  "payload-too-large": "Say it in several lines.",
  unauthorized: "Ask whoever runs the table for a token that is good, and put it where this one was.",
  forbidden: "Go on without it, or ask whoever runs the table for the DM's token.",
  busy: "Wait until something that is being said is over, or end it with stop; then try again.",
  "too-many-messages": "Wait a while, then try again.",
  closed: "The table is closed: say nothing more until it is served again.",
};

/** A result in words, and the same for programs. */
export function result(lines: readonly string[], data: object): CallToolResult {
  return {
    content: [{ type: "text", text: lines.join("\n") }],
    structuredContent: data as Record<string, unknown>,
  };
}

/** What went wrong, by its code, and what to do about it. */
export function failure(error: unknown): CallToolResult {
  const { code, message, retryable } = toWire(error);
  const next = NEXT[code];
  const text = `${code}: ${message}${next === undefined ? "" : `. ${next}`}`;
  return { ...result([text], { error: { code, message, retryable } }), isError: true };
}

/** Who heard a line, and how much of it; of a line that is not over, so far. */
export function lineResult(line: LineStatus): CallToolResult {
  const { utterance, absent } = line;
  if ("report" in line) {
    const { report, state } = line;
    const { players, listeners, durationMs, problems } = report;
    const lines = [...deliveryWords(report, absent), `Line ${utterance}.`];
    return result(lines, { utterance, state, listeners, players, absent, durationMs, problems });
  }
  const { state, players, durationMs } = line;
  const lines = [
    `It is ${state}; ${seconds(durationMs)} of its sound are made so far.`,
    ...progressWords(players),
    ...(absent.length === 0 ? [] : [`Not here: ${absent.join(", ")}.`]),
    `Line ${utterance}: what_became_of tells who has heard it.`,
  ];
  return result(lines, { utterance, state, players, absent, durationMs });
}

/** How far a line has come with those who listen: its text is there before its sound. */
export function progressWords(players: readonly ListenerProgress[]): string[] {
  if (players.length === 0) return ["Nobody is here to hear it."];
  return players.map(({ player, heardMs, state }) => {
    if (heardMs === 0) return `${player} has its text.`;
    return `${player} has heard ${seconds(heardMs)} of it${state === "playing" ? "" : ` (${state})`}.`;
  });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Does what a tool is for; what goes wrong is its result. */
export async function attempt(act: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await act();
  } catch (error) {
    return failure(error);
  }
}

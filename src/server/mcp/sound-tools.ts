import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { SoundInfo, SoundsStatus } from "../../core/protocol/sounds.ts";
import { sending, type TableApi } from "./table-api.ts";
import { attempt, result } from "./tool-result.ts";

const MAX_FADE_SECONDS = 60;

const named = z.string().describe("A name that list_sounds has.");
const fade = z
  .number()
  .min(0)
  .max(MAX_FADE_SECONDS)
  .optional()
  .describe("How long that takes; 2 by default.");
const loud = z.number().min(0).max(1).optional().describe("0 to 1; 1 by default.");

/** The sound of the place, which is the DM's. */
export function addSoundTools(server: McpServer, table: TableApi): void {
  server.registerTool(
    "list_sounds",
    {
      description: "Which sounds there are for the place, and which beds (rain, a tavern) play now.",
      annotations: { readOnlyHint: true },
    },
    () =>
      attempt(async () => {
        const status = await table.call<SoundsStatus>("/sounds");
        return result([...status.sounds.map(soundWords), bedWords(status)], status);
      }),
  );
  server.registerTool(
    "play_bed",
    {
      description:
        "Let a bed of sound play under what is said, until it is faded out. It goes down by itself while somebody speaks.",
      inputSchema: z.object({
        sound: named,
        volume: loud,
        fade_seconds: fade,
        instead: z.boolean().optional().describe("Whether all other beds fade out meanwhile."),
      }),
      annotations: { idempotentHint: true },
    },
    ({ fade_seconds, ...bed }) =>
      attempt(async () => {
        const status = await table.call<SoundsStatus>(
          "/sounds/play",
          sending("POST", { ...bed, ...fadeOf(fade_seconds) }),
        );
        return result([bedWords(status)], status);
      }),
  );
  server.registerTool(
    "fade_out",
    {
      description: "Let one bed of sound fade out, or all of them.",
      inputSchema: z.object({ sound: named.optional(), fade_seconds: fade }),
      annotations: { idempotentHint: true },
    },
    ({ sound, fade_seconds }) =>
      attempt(async () => {
        const body = { ...(sound === undefined ? {} : { sound }), ...fadeOf(fade_seconds) };
        const status = await table.call<SoundsStatus>("/sounds/stop", sending("POST", body));
        return result([bedWords(status)], status);
      }),
  );
  server.registerTool(
    "play_sound",
    {
      description: "Play a short sound once: a door, dice. To everybody, or with `to` to some players alone.",
      inputSchema: z.object({
        sound: named,
        to: z.array(z.string()).min(1).optional().describe("Players; left out: everybody."),
        volume: loud,
      }),
    },
    ({ to = "all", ...hit }) =>
      attempt(async () => {
        const sent = await table.call<{ sent: number }>("/sounds/hit", sending("POST", { to, ...hit }));
        const devices = sent.sent === 1 ? "one device" : `${sent.sent} devices`;
        return result([sent.sent === 0 ? "Nobody is here to hear it." : `Sent to ${devices}.`], sent);
      }),
  );
}

function fadeOf(seconds: number | undefined): { fadeMs?: number } {
  return seconds === undefined ? {} : { fadeMs: seconds * 1000 };
}

function soundWords({ name, builtIn, seconds = 0 }: SoundInfo): string {
  if (builtIn) return `${name}: ${builtIn === "bed" ? "a bed" : "a short sound"}, built in.`;
  return `${name}: ${Math.round(seconds)} s.`;
}

function bedWords({ beds }: SoundsStatus): string {
  const playing = beds.map(({ name, leaving }) => (leaving ? `${name} (fading out)` : name));
  return playing.length === 0 ? "No bed plays." : `Playing: ${playing.join(", ")}.`;
}

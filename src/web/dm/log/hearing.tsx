import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { ListenerProgress, MissedReason, QueuedUtterance } from "../../../core/protocol/api.ts";
import { displayName } from "../../shared/names.ts";
import { atTable } from "./sounding.ts";

const STATES: Readonly<Record<ListenerProgress["state"], string | undefined>> = {
  playing: undefined,
  muted: "muted, reads",
  lagging: "behind",
  "text-only": "reads",
};

/** Listeners named one by one; of a larger table, those who do not hear well. */
const NAMED = 6;

/** Those of whom no more is to be expected. */
const GONE: { [Reason in MissedReason]?: string } = {
  left: "left",
  lost: "cut off",
  silent: "asleep",
};

function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(0)} s`;
}

/** How far each player has heard the line that is speaking, once anybody has said so. */
export function Hearing({ line }: { line: QueuedUtterance }): JSX.Element {
  const players = atTable(line.players);
  const shown =
    players.length <= NAMED ? players : players.filter(({ state, reason }) => reason || state !== "playing");
  const well = players.length - shown.length;
  return (
    <ul class="hearing" aria-label="Heard so far">
      {well > 0 && <li key="well">{well} hear well</li>}
      {shown.slice(0, 2 * NAMED).map((player) => (
        <Listener key={`player ${player.player}`} listener={player} durationMs={line.durationMs} />
      ))}
    </ul>
  );
}

function Listener({ listener, durationMs }: { listener: ListenerProgress; durationMs: number }): JSX.Element {
  const { player, heardMs, state, reason } = listener;
  const gone = reason && GONE[reason];
  const trouble = gone ? `${gone} after ${secondsOf(heardMs)}` : STATES[state];
  const share = Math.min(100, Math.round((100 * heardMs) / Math.max(1, durationMs)));
  return (
    <li>
      <b>{displayName(player)}</b>
      {!trouble && <span class="bar" style={`--v: ${share}`} />}
      <span class={gone ? "trouble" : ""}>{trouble ?? secondsOf(heardMs)}</span>
    </li>
  );
}

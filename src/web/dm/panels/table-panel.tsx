import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { EngineStatus, PlayerStatus } from "../../core/protocol/api.ts";
import { Flame } from "../shared/icons.tsx";
import { displayName } from "../shared/names.ts";

const STATES: { [State in PlayerStatus["state"]]?: string } = {
  muted: "muted",
  lagging: "lagging",
  "text-only": "reading only",
};

/** Less than this is heard by nobody. */
const AUDIBLE_SKEW_MS = 15;

/** What a player's device says about keeping step, where that is worth a word. */
function stepTrouble({ skewMs = 0, untrusted }: PlayerStatus): string | undefined {
  if (untrusted) return "hides how late it sounds";
  if (Math.abs(skewMs) < AUDIBLE_SKEW_MS) return undefined;
  return `${Math.round(Math.abs(skewMs))} ms ${skewMs > 0 ? "late" : "early"}`;
}

function presence(player: PlayerStatus): string {
  const { connections, state } = player;
  if (connections === 0) return "away";
  const devices = connections === 1 ? "here" : `here, ${connections} devices`;
  return [devices, STATES[state], stepTrouble(player)].filter(Boolean).join(", ");
}

function readiness({ available, outOfOrder, tiers }: EngineStatus): string {
  if (!available) return "not available";
  return outOfOrder === undefined ? tiers.join(", ") : "out of order";
}

/** Beside the table, where there is room: who is here, and which engines can speak. */
export function TableSide(props: {
  players: readonly PlayerStatus[];
  engines: readonly EngineStatus[];
}): JSX.Element {
  return (
    <aside class="table-side">
      <h2>At the table</h2>
      <ul class="roster">
        {props.players.map((player) => (
          <li key={player.id} class={player.connections > 0 ? "is-here" : ""}>
            <Flame lit={player.connections > 0} />
            <span class="roster-name">{displayName(player.id)}</span>
            <span class="roster-state">{presence(player)}</span>
          </li>
        ))}
      </ul>
      <h2>Voices</h2>
      <ul class="roster">
        {props.engines.map((engine) => (
          <li key={engine.name} class={engine.available && !engine.outOfOrder ? "is-here" : ""}>
            <span class="roster-name">{engine.name}</span>
            <span class="roster-state" title={engine.outOfOrder}>
              {readiness(engine)}
            </span>
          </li>
        ))}
      </ul>
    </aside>
  );
}

import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Flame } from "../shared/icons.tsx";
import { displayName } from "../shared/names.ts";
import type { EngineStatus, PlayerStatus } from "./api-types.ts";

const STATES: { [State in PlayerStatus["state"]]?: string } = {
  muted: "muted",
  lagging: "lagging",
  "text-only": "reading only",
};

function presence({ connections, state }: PlayerStatus): string {
  if (connections === 0) return "away";
  const devices = connections === 1 ? "here" : `here, ${connections} devices`;
  const trouble = STATES[state];
  return trouble ? `${devices}, ${trouble}` : devices;
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
        {props.engines.map(({ name, available, tiers }) => (
          <li key={name} class={available ? "is-here" : ""}>
            <span class="roster-name">{name}</span>
            <span class="roster-state">{available ? tiers.join(", ") : "not available"}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}

import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus } from "../../core/protocol/api.ts";
import { Flame } from "../shared/icons.tsx";
import { displayName } from "../shared/names.ts";

function Choice(props: { chosen: boolean; onChoose: () => void; children: Child }): JSX.Element {
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={props.chosen ? "true" : "false"}
      onClick={props.onChoose}
    >
      {props.children}
    </button>
  );
}

/** Everyone, or the players chosen; each with a flame that burns while they are here. */
export function AudiencePicker(props: {
  players: readonly PlayerStatus[];
  /** Nobody chosen is everyone. */
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}): JSX.Element {
  const { players, chosen, onChange } = props;
  const toggle = (id: string): void =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <fieldset class="audience">
      <legend>To</legend>
      <Choice key="all" chosen={chosen.length === 0} onChoose={() => onChange([])}>
        <span>Everyone</span>
      </Choice>
      {players.map(({ id, connections }) => (
        <Choice key={`player ${id}`} chosen={chosen.includes(id)} onChoose={() => toggle(id)}>
          <Flame lit={connections > 0} />
          <span>{displayName(id)}</span>
          <span class="unseen">{connections > 0 ? ", here" : ", away"}</span>
        </Choice>
      ))}
    </fieldset>
  );
}

import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus } from "../../core/protocol/api.ts";
import { Flame } from "../shared/icons.tsx";
import { Icon } from "./icons.tsx";
import type { StatusWatch } from "./use-status.ts";

function presence(players: readonly PlayerStatus[]): string {
  const here = players.filter(({ connections }) => connections > 0).length;
  return players.length === 0 ? "No players yet" : `${here} of ${players.length} here`;
}

/** How the table is, and what is about all of it. */
export function Head(props: {
  watch: StatusWatch;
  /** What the game master hears of the table. */
  children?: Child;
  onFind: () => void;
  onInvite: () => void;
}): JSX.Element {
  const { status, problem } = props.watch;
  return (
    <header class="top">
      <Flame lit={status !== undefined && problem === undefined} />
      <h1>Bardcast</h1>
      <p class="standing" role="status">
        {problem === undefined ? status && presence(status.players) : "Out of touch"}
      </p>
      {props.children}
      <button type="button" class="find" aria-label="Find in the log, or save it" onClick={props.onFind}>
        <Icon name="glass" />
      </button>
      <button type="button" class="in" onClick={props.onInvite}>
        Invite
      </button>
    </header>
  );
}

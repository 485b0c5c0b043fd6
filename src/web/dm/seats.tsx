import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus, QueuedUtterance } from "../../core/protocol/api.ts";
import { Flame } from "../shared/icons.tsx";
import { displayName } from "../shared/names.ts";
import { heardShare, isHere, seatState } from "./seat-state.ts";

/** From so many on, the seats scroll, and say how many they are. */
const MANY = 12;
/** More than so many take a second row. */
const A_ROW = 6;

function rowsOf(players: number): string {
  if (players >= MANY) return "is-many";
  return players > A_ROW ? "is-several" : "";
}

function Seat(props: {
  mood: string;
  chosen: boolean;
  style?: string;
  onChoose: () => void;
  children: Child;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`seat ${props.mood}`}
      aria-pressed={props.chosen ? "true" : "false"}
      style={props.style ?? ""}
      onClick={props.onChoose}
    >
      {props.children}
    </button>
  );
}

/** Who is at the table and how they hear, and to whom the next line goes: everyone, or the players chosen. */
export function Seats(props: {
  players: readonly PlayerStatus[];
  /** The lines that sound now. */
  sounding: readonly QueuedUtterance[];
  /** The server answers: otherwise nobody knows how they are. */
  isKnown: boolean;
  /** Nobody chosen is everyone. */
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
  onInvite: () => void;
}): JSX.Element {
  const { players, sounding, isKnown, chosen, onChange } = props;
  const toggle = (id: string): void =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  const states = players.map((player) => seatState(player, sounding));
  const here = states.filter(isHere).length;
  return (
    <fieldset class={`seats ${rowsOf(players.length)}`}>
      <legend class="unseen">At the table: choose who hears the next line</legend>
      <Seat key="all" mood="all" chosen={chosen.length === 0} onChoose={() => onChange([])}>
        <span>
          <span class="short">All</span>
          <span class="long">Everyone</span>
        </span>
        <small>{isKnown ? `${here} of ${players.length}` : "?"}</small>
      </Seat>
      {players.map(({ id, hand }, index) => {
        const state = isKnown ? (states[index] ?? "away") : undefined;
        const isThere = state !== undefined && isHere(state);
        const share = heardShare(id, sounding);
        return (
          <Seat
            key={`player ${id}`}
            mood={state && !isThere ? "away" : ""}
            style={`--v: ${share ?? 0}`}
            chosen={chosen.includes(id)}
            onChoose={() => toggle(id)}
          >
            <Flame lit={isThere} />
            <span class="seat-name">{displayName(id)}</span>
            <small>{hand ? "hand up" : (state ?? "?")}</small>
            {isThere && share !== undefined && <span class="lvl" />}
          </Seat>
        );
      })}
      <button key="invite" type="button" class="seat-invite" onClick={props.onInvite}>
        Invite
      </button>
    </fieldset>
  );
}

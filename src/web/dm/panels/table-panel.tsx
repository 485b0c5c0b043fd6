import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { EngineStatus, PlayerStatus, QueuedUtterance } from "../../../core/protocol/api.ts";
import type { Sounds, TableSettings } from "../../../core/protocol/table-settings.ts";
import { Flame } from "../../shared/icons.tsx";
import { displayName } from "../../shared/names.ts";
import type { Place } from "../../shared/place.ts";
import type { Chime } from "../listen/use-chime.ts";
import { isHere, MEANING, seatState } from "../seat-state.ts";
import { TunePanel } from "../tuning/tune-panel.tsx";
import type { VoiceOffer } from "../voices/use-voice-offer.ts";
import { VoiceOfferStrip } from "../voices/voice-offer.tsx";
import { wordsOf } from "./engine-words.ts";
import { Panel } from "./panel.tsx";
import { TableChoices } from "./table-choices.tsx";

/** Less than this is heard by nobody. */
const AUDIBLE_SKEW_MS = 15;

const WANTED: Readonly<Record<Sounds, string>> = {
  all: "everything",
  narration: "the telling alone",
  characters: "characters alone",
  none: "nothing, reads along",
};

/** What a player's device says about sounding together with the others, where that is worth a word. */
function togetherWords({ skewMs = 0, untrusted, untuned }: PlayerStatus): string | undefined {
  if (untuned) return "sounds by something else now: tune again";
  if (untrusted) return "does not say how late it sounds";
  if (Math.abs(skewMs) < AUDIBLE_SKEW_MS) return undefined;
  return `${Math.round(Math.abs(skewMs))} ms ${skewMs > 0 ? "late" : "early"}`;
}

function devicesOf({ connections }: PlayerStatus): string | undefined {
  return connections > 1 ? `${connections} devices` : undefined;
}

/** What they want to hear, and whether they are to be heard from. */
function hearingOf({ sounds, loudspeaker }: PlayerStatus): string | undefined {
  if (loudspeaker) return "the table’s loudspeaker";
  return sounds && `wants to hear ${WANTED[sounds]}`;
}

/** Who is at the table, what speaks there, and how the game master likes the desk. */
export function TablePanel(props: {
  players: readonly PlayerStatus[];
  engines: readonly EngineStatus[];
  /** A voice that can be installed. */
  offer: VoiceOffer;
  sounding: readonly QueuedUtterance[];
  /** Undefined: not known yet. */
  settings: TableSettings | undefined;
  onChoose: (settings: Partial<TableSettings>) => void;
  /** Single keys act outside of text. */
  singleKeys: boolean;
  onSingleKeys: (on: boolean) => void;
  chime: Chime;
  place: Place;
  onInvite: () => void;
  onClose: () => void;
}): JSX.Element {
  const { players, engines, sounding, singleKeys, onSingleKeys, chime } = props;
  const [isTuning, setTuning] = useState(false);
  if (isTuning)
    return (
      <TunePanel
        place={props.place}
        players={players}
        onBack={() => setTuning(false)}
        onClose={props.onClose}
      />
    );
  const actions = (
    <button type="button" class="quiet" onClick={props.onInvite}>
      Invite
    </button>
  );
  return (
    <Panel name="table" title="The table" actions={actions} onClose={props.onClose}>
      <div>
        <h3>Players</h3>
        <ul class="items roster">
          {players.map((player) => {
            const state = seatState(player, sounding);
            const about = [MEANING[state], hearingOf(player), devicesOf(player), togetherWords(player)];
            return (
              <li key={player.id}>
                <Flame lit={isHere(state)} />
                <span class="grow">
                  <b>{displayName(player.id)}</b>
                  <br />
                  <span class="small">{about.filter(Boolean).join(" · ")}</span>
                </span>
              </li>
            );
          })}
        </ul>
        <button type="button" onClick={() => setTuning(true)}>
          Tune the room
        </button>
      </div>
      {props.settings && (
        <TableChoices
          players={players.map(({ id }) => id)}
          settings={props.settings}
          onChoose={props.onChoose}
        />
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event: Event) => onSingleKeys((event.target as HTMLInputElement).checked)}
        />
        Single keys (1–9) act when I am not writing
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={chime.on}
          onChange={(event: Event) => chime.choose((event.target as HTMLInputElement).checked)}
        />
        A soft sound here when a player raises a hand or writes
      </label>
      <div>
        <h3>Voices</h3>
        <ul class="items">
          {engines.map((engine) => {
            const { name, about, isReady } = wordsOf(engine);
            return (
              <li key={engine.name}>
                <span class="grow">
                  <b>{name}</b>
                  <br />
                  <span class="small">{about}</span>
                </span>
                <span class={isReady ? "good" : "trouble"}>{isReady ? "✓ ready" : "cannot speak"}</span>
              </li>
            );
          })}
        </ul>
        {props.offer.more && !props.offer.shown && (
          <button type="button" class="quiet" onClick={props.offer.more}>
            More voices
          </button>
        )}
      </div>
      <VoiceOfferStrip offer={props.offer} />
    </Panel>
  );
}

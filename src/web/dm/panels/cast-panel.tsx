import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { VoiceChoices } from "../../../core/protocol/api.ts";
import { displayName } from "../../shared/names.ts";
import { speakerColour } from "../../shared/speaker-colour.ts";
import { type Draft, FIRST_DRAFT, NEW_NPC, type NpcDraft } from "../draft.ts";
import { Panel } from "./panel.tsx";

/** Of whom a voice is chosen: any race, any gender; those there are voices for are offered. */
function NewCharacter(props: {
  npc: NpcDraft;
  voices: VoiceChoices;
  onChange: (npc: NpcDraft) => void;
}): JSX.Element {
  const { npc, voices, onChange } = props;
  const field = (name: keyof NpcDraft, label: string, offered: readonly string[]): JSX.Element => (
    <label class="field">
      {label}
      <input
        maxLength={64}
        autoComplete="off"
        list={`new-${name}`}
        value={npc[name]}
        onInput={(event: Event) => onChange({ ...npc, [name]: (event.target as HTMLInputElement).value })}
      />
      <datalist id={`new-${name}`}>
        {offered.map((each) => (
          <option key={each} value={displayName(each)} />
        ))}
      </datalist>
    </label>
  );
  return (
    <form class="stack" onSubmit={(event: Event) => event.preventDefault()}>
      {field("name", "Name", [])}
      <div class="two">
        {field("race", "Race", voices.races)}
        {field("gender", "Gender", voices.genders)}
      </div>
      <p class="small">A voice is chosen for them with their first line, and stays theirs.</p>
    </form>
  );
}

/** Who may speak: those who have spoken, or somebody new. */
export function CastPanel(props: {
  draft: Draft;
  voices: VoiceChoices;
  onDraft: (draft: Draft) => void;
  /** Somebody is to speak now. */
  onSpeakAs: () => void;
  onClose: () => void;
}): JSX.Element {
  const { draft, voices, onDraft, onSpeakAs } = props;
  const [find, setFind] = useState("");
  const isNew = draft.speaker === NEW_NPC;
  const shown = voices.speakers.filter((each) =>
    displayName(each).toLowerCase().includes(find.toLowerCase()),
  );
  const speakAs = (speaker: string): void => {
    onDraft({ ...draft, speaker, npc: FIRST_DRAFT.npc });
    onSpeakAs();
  };
  const create = (): void => {
    onDraft({ ...draft, speaker: NEW_NPC, npc: { ...FIRST_DRAFT.npc, name: find } });
    setFind("");
  };
  const actions = (
    <button type="button" class="quiet" onClick={create}>
      New character
    </button>
  );
  return (
    <Panel name="cast" title="Cast" actions={actions} onClose={props.onClose}>
      {isNew && (
        <NewCharacter
          key="new"
          npc={draft.npc}
          voices={voices}
          onChange={(npc) => onDraft({ ...draft, npc })}
        />
      )}
      <input
        key="find"
        type="search"
        aria-label="Find a character, or write a new name"
        placeholder="Find, or write a new name"
        value={find}
        onInput={(event: Event) => setFind((event.target as HTMLInputElement).value)}
      />
      <ul key="cast" class="items">
        {shown.map((speaker) => (
          <li key={speaker} style={speakerColour(speaker)}>
            <span class="dot" />
            <button type="button" class="name grow" onClick={() => speakAs(speaker)}>
              <b>{displayName(speaker)}</b>
              <small>{draft.speaker === speaker ? "speaks the next line" : "speak as"}</small>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && (
        <p key="nobody" class="small">
          Nobody of that name has spoken yet.
        </p>
      )}
    </Panel>
  );
}

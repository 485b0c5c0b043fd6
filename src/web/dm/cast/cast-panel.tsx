import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { VoiceChoices } from "../../../core/protocol/api.ts";
import type { Api } from "../api.ts";
import { type Draft, FIRST_DRAFT, NEW_NPC } from "../draft.ts";
import type { Preview } from "../listen/use-preview.ts";
import { Panel } from "../panels/panel.tsx";
import { useCastNames } from "./cast-names.ts";
import { NewCharacter } from "./new-character.tsx";
import { CharacterForm } from "./sheet.tsx";
import { aboutOf, type CastBook } from "./use-cast.ts";

/** Who may speak: those who have spoken or stand in the campaign's file, or somebody new. */
export function CastPanel(props: {
  api: Api;
  cast: CastBook;
  draft: Draft;
  choices: VoiceChoices;
  preview: Preview;
  onDraft: (draft: Draft) => void;
  /** Somebody is to speak now. */
  onSpeakAs: () => void;
  onClose: () => void;
}): JSX.Element {
  const { cast, draft, choices, preview, onDraft } = props;
  const { nameOf, colourOf } = useCastNames();
  const [find, setFind] = useState("");
  const [openId, setOpenId] = useState<string>();
  const open = cast.characters.find(({ id }) => id === openId);
  const about = new Map(cast.characters.map((each) => [each.id, aboutOf(each)]));
  const everybody = ["dm", "combat", ...cast.characters.map(({ id }) => id)];
  const shown = everybody.filter((id) => nameOf(id).toLowerCase().includes(find.trim().toLowerCase()));
  const speakAs = (speaker: string): void => {
    onDraft({ ...draft, speaker, npc: FIRST_DRAFT.npc });
    props.onSpeakAs();
  };
  const create = (): void => {
    onDraft({ ...draft, speaker: NEW_NPC, npc: { ...FIRST_DRAFT.npc, name: find.trim() } });
    setFind("");
  };
  const hear = (speaker: string): void =>
    void preview.hear({ text: `I am ${nameOf(speaker)}. Who goes there?`, to: "all", speaker });

  if (open) {
    return (
      <Panel
        name="cast"
        title={open.name}
        back={{ words: "Cast", onBack: () => setOpenId(undefined) }}
        foot={
          <>
            <button type="button" class="grow" onClick={() => hear(open.id)}>
              Hear them
            </button>
            <button type="button" class="main" onClick={() => speakAs(open.id)}>
              Speak as them
            </button>
          </>
        }
        onClose={props.onClose}
      >
        {cast.trouble && (
          <p key="trouble" class="note bad">
            {cast.trouble}
          </p>
        )}
        <CharacterForm
          key={`sheet ${open.id}`}
          api={props.api}
          preview={preview}
          character={open}
          choices={choices}
          canUndo={cast.canUndo}
          onKeep={(sheet) => cast.keep(open.id, sheet)}
          onUndo={async () => {
            await cast.undo();
            setOpenId(undefined);
          }}
          onRemove={() => {
            void cast.remove(open.id);
            setOpenId(undefined);
          }}
        />
      </Panel>
    );
  }
  return (
    <Panel
      name="cast"
      title="Cast"
      actions={
        <button type="button" class="quiet" onClick={create}>
          New character
        </button>
      }
      onClose={props.onClose}
    >
      {cast.trouble && (
        <p key="trouble" class="note bad">
          {cast.trouble}
        </p>
      )}
      {draft.speaker === NEW_NPC && (
        <NewCharacter
          key="new"
          npc={draft.npc}
          choices={choices}
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
        {shown.map((id) => (
          <li key={id} style={colourOf(id)}>
            <span class="dot" />
            <button
              type="button"
              class="name grow"
              onClick={() => (about.has(id) ? setOpenId(id) : speakAs(id))}
            >
              <b>{nameOf(id)}</b>
              <small>{about.get(id) ?? (id === "dm" ? "The telling" : "Fights")}</small>
            </button>
            <button type="button" class="quiet" onClick={() => hear(id)}>
              Hear<span class="unseen"> {nameOf(id)}</span>
            </button>
            <button type="button" class="quiet" onClick={() => speakAs(id)}>
              Speak<span class="unseen"> as {nameOf(id)}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && (
        <p key="nobody" class="small">
          Nobody of that name has spoken yet.
        </p>
      )}
      <p key="file" class="small">
        Whoever has spoken once is kept here, with their voice. The file <code>voice_registry.yaml</code> in
        your campaign says the same; edit either.
      </p>
    </Panel>
  );
}

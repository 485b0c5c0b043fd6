import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { VoiceChoices } from "../../../core/protocol/api.ts";
import { displayName } from "../../shared/names.ts";
import type { NpcDraft } from "../draft.ts";

/** Of whom a voice is chosen: any race, any gender; those there are voices for are offered. */
export function NewCharacter(props: {
  npc: NpcDraft;
  choices: VoiceChoices;
  onChange: (npc: NpcDraft) => void;
}): JSX.Element {
  const { npc, choices, onChange } = props;
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
        {field("race", "Race", choices.races)}
        {field("gender", "Gender", choices.genders)}
      </div>
      <p class="small">A voice is chosen for them with their first line, and stays theirs.</p>
    </form>
  );
}

import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { VoiceChoices } from "../../core/protocol/api.ts";
import { displayName } from "../shared/names.ts";
import { type Draft, NEW_NPC, type NpcDraft } from "./draft.ts";
import { Menu } from "./menu.tsx";

const CONTEXTS = [
  ["", "Auto"],
  ["narration", "Narration"],
  ["dialogue", "Dialogue"],
  ["combat", "Combat"],
  ["ambient", "Ambient"],
] as const;

function named(ids: readonly string[]): [string, string][] {
  return ids.map((id) => [id, displayName(id)]);
}

/** Name, race and gender of an NPC who speaks for the first time: a voice is cast from them. */
function NewNpc(props: {
  npc: NpcDraft;
  voices: VoiceChoices;
  onChange: (npc: NpcDraft) => void;
}): JSX.Element {
  const { npc, voices, onChange } = props;
  const rename = (event: Event): void => onChange({ ...npc, name: (event.target as HTMLInputElement).value });
  const any = [["", "Any"]] as const;
  return (
    <div class="new-npc">
      <label class="field field-wide">
        <span>Name</span>
        <input
          type="text"
          maxLength={64}
          placeholder="Old Mara"
          autoComplete="off"
          value={npc.name}
          onInput={rename}
        />
      </label>
      <Menu
        label="Race"
        value={npc.race}
        options={[...any, ...named(voices.races)]}
        onChange={(race) => onChange({ ...npc, race })}
      />
      <Menu
        label="Gender"
        value={npc.gender}
        options={[...any, ...named(voices.genders)]}
        onChange={(gender) => onChange({ ...npc, gender })}
      />
    </div>
  );
}

/** Whoever is chosen is among them: a menu that lacks them would show somebody else. */
function speakersOf({ speaker }: Draft, { speakers }: VoiceChoices): readonly string[] {
  return speaker === NEW_NPC || speakers.includes(speaker) ? speakers : [...speakers, speaker];
}

/** Who speaks, and in what kind of scene. */
export function VoicePicker(props: {
  draft: Draft;
  voices: VoiceChoices;
  onChange: (draft: Draft) => void;
}): JSX.Element {
  const { draft, voices, onChange } = props;
  return (
    <div class="voice">
      <Menu
        label="As"
        value={draft.speaker}
        options={[...named(speakersOf(draft, voices)), [NEW_NPC, "New character…"]]}
        onChange={(speaker) => onChange({ ...draft, speaker })}
      />
      <Menu
        label="Scene"
        value={draft.context}
        options={CONTEXTS}
        onChange={(context) => onChange({ ...draft, context })}
      />
      {draft.speaker === NEW_NPC && (
        <NewNpc npc={draft.npc} voices={voices} onChange={(npc) => onChange({ ...draft, npc })} />
      )}
    </div>
  );
}

import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { useCastNames } from "../cast/cast-names.ts";
import { type Draft, FIRST_DRAFT, NEW_NPC } from "../draft.ts";

/** Whoever is chosen is among them: a list that lacks them would offer somebody else. */
function offered(speakers: readonly string[], { speaker }: Draft): string[] {
  return [...new Set([...speakers, ...(speaker === NEW_NPC ? [] : [speaker])])];
}

/** Who speaks: a name, typed; of those who have spoken, by their first letters. */
export function AsWhom(props: {
  draft: Draft;
  speakers: readonly string[];
  onChange: (draft: Draft) => void;
}): JSX.Element {
  const { draft, speakers, onChange } = props;
  const { nameOf, colourOf } = useCastNames();
  const isNew = draft.speaker === NEW_NPC;
  const name = isNew ? draft.npc.name : nameOf(draft.speaker);
  const change = (event: Event): void => {
    const typed = (event.target as HTMLInputElement).value;
    onChange({ ...draft, ...named(typed, { speakers, nameOf }, draft) });
  };
  // Nobody has no name: who leaves the box empty is the game master.
  const leave = (): void => {
    if (name.trim() === "") onChange({ ...draft, speaker: "dm" });
  };
  return (
    <label class="as-whom" style={colourOf(isNew ? name : draft.speaker)}>
      <span class="dot" />
      <span class="as-word">As</span>
      <input
        list="cast-names"
        autoComplete="off"
        maxLength={64}
        aria-label="Who speaks: type a name"
        value={name}
        onInput={change}
        onFocus={(event: Event) => (event.target as HTMLInputElement).select()}
        onBlur={leave}
      />
      <datalist id="cast-names">
        {offered(speakers, draft).map((speaker) => (
          <option key={speaker} value={nameOf(speaker)} />
        ))}
      </datalist>
    </label>
  );
}

/** Somebody who has spoken, whatever the case of the letters; or somebody new. */
function named(
  typed: string,
  { speakers, nameOf }: { speakers: readonly string[]; nameOf: (speaker: string) => string },
  { npc }: Draft,
): Pick<Draft, "speaker" | "npc"> {
  const key = typed.toLowerCase();
  const known = speakers.find(
    (speaker) => speaker.toLowerCase() === key || nameOf(speaker).toLowerCase() === key,
  );
  return known === undefined
    ? { speaker: NEW_NPC, npc: { ...npc, name: typed } }
    : { speaker: known, npc: FIRST_DRAFT.npc };
}

import { useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Moon } from "../shared/icons.tsx";
import { displayNames } from "../shared/names.ts";
import type { PlayerStatus, Voices } from "./api-types.ts";
import { AudiencePicker } from "./audience-picker.tsx";
import { type Draft, NEW_NPC } from "./draft.ts";
import { LineBox } from "./line-box.tsx";
import { VoicePicker } from "./voice-picker.tsx";

export interface ComposerProps {
  players: readonly PlayerStatus[];
  voices: Voices;
  draft: Draft;
  proposal: { text: string } | undefined;
  /** Something is speaking or waiting. */
  busy: boolean;
  /** What went wrong, and what to do. */
  trouble: string | undefined;
  onDraft: (draft: Draft) => void;
  onSay: (text: string) => void;
  onStop: () => void;
}

/** What to know before speaking, in place of the keys that are known by then. */
function hintOn({ draft, players }: ComposerProps): string | undefined {
  if (draft.speaker === NEW_NPC && draft.npc.name.trim() === "") return "Give the new character a name.";
  const away = draft.to.filter((id) => !players.some((player) => player.id === id && player.connections > 0));
  if (away.length === 0) return undefined;
  return `${displayNames(away)} ${away.length > 1 ? "are" : "is"} away and will miss this.`;
}

/** Where the next line is written: to whom, as whom, and what. Moonlit while it is a whisper. */
export function Composer(props: ComposerProps): JSX.Element {
  const { draft, onDraft, onSay, onStop, busy } = props;
  const box = useRef<HTMLTextAreaElement>(null);
  const whisper = draft.to.length > 0;
  const hint = hintOn(props);
  const nameless = draft.speaker === NEW_NPC && draft.npc.name.trim() === "";
  const say = (text: string): void => {
    box.current?.focus();
    if (nameless || text.trim() === "") return;
    if (box.current) box.current.value = "";
    onSay(text.trim());
  };
  return (
    <section class={`composer ${whisper ? "is-whisper" : ""}`} aria-label="Next line">
      <p class="trouble" role="alert">
        {props.trouble}
      </p>
      <AudiencePicker
        players={props.players}
        chosen={draft.to}
        onChange={(to) => onDraft({ ...draft, to })}
      />
      <VoicePicker draft={draft} voices={props.voices} onChange={onDraft} />
      <LineBox
        placeholder={whisper ? `For ${displayNames(draft.to)} alone…` : "What does the table hear?"}
        describedBy="composer-hint"
        proposal={props.proposal}
        onSay={say}
        onStop={onStop}
        boxRef={box}
      />
      <div class="composer-foot">
        <p class={`hint ${hint ? "is-warning" : ""}`} id="composer-hint">
          {hint ?? "Enter speaks · Shift+Enter new line · Up brings back · Esc stops"}
        </p>
        <button type="button" class="stop" disabled={!busy} onClick={onStop}>
          Stop
        </button>
        <button type="button" class="say" onClick={() => say(box.current?.value ?? "")}>
          {whisper && <Moon />}
          <span>{whisper ? `Whisper to ${displayNames(draft.to)}` : "Speak to everyone"}</span>
        </button>
      </div>
    </section>
  );
}

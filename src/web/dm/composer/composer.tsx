import { useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PlayerStatus, VoiceChoices } from "../../core/protocol/api.ts";
import { Moon } from "../shared/icons.tsx";
import { displayNames } from "../shared/names.ts";
import { AudiencePicker } from "./audience-picker.tsx";
import { type Draft, isNameless } from "./draft.ts";
import { LineBox } from "./line-box.tsx";
import { TagBar } from "./tag-bar.tsx";
import type { Proposal } from "./use-console.ts";
import { useRecall } from "./use-recall.ts";
import { VoicePicker } from "./voice-picker.tsx";

export interface ComposerProps {
  players: readonly PlayerStatus[];
  voices: VoiceChoices;
  draft: Draft;
  proposal: Proposal | undefined;
  /** Something is speaking or waiting. */
  busy: boolean;
  /** What went wrong, and what to do. */
  trouble: string | undefined;
  onDraft: (draft: Draft) => void;
  /** The text in the box has changed. */
  onText: (text: string) => void;
  onSay: (text: string) => void;
  onStop: () => void;
}

/** What to know before speaking, in place of the keys that are known by then. */
function hintOn({ draft, players }: ComposerProps): string | undefined {
  if (isNameless(draft)) return "Give the new character a name.";
  const away = draft.to.filter((id) => !players.some((player) => player.id === id && player.connections > 0));
  if (away.length === 0) return undefined;
  return `${displayNames(away)} ${away.length > 1 ? "are" : "is"} away and will miss this.`;
}

function sayWords(to: readonly string[]): string {
  if (to.length === 0) return "Speak to everyone";
  return `Whisper to ${to.length === 1 ? displayNames(to) : `${to.length} players`}`;
}

function Foot({ composer, onSay }: { composer: ComposerProps; onSay: () => void }): JSX.Element {
  const { draft, busy, onStop } = composer;
  const hint = hintOn(composer);
  return (
    <div class="composer-foot">
      <p class={`hint ${hint ? "is-warning" : ""}`} id="composer-hint">
        {hint ?? "Enter speaks · Shift+Enter new line · Up brings back · Esc stops"}
      </p>
      <button type="button" class="stop" disabled={!busy} onClick={onStop}>
        Stop all
      </button>
      <button type="button" class="say" onClick={onSay}>
        {draft.to.length > 0 && <Moon />}
        <span>{sayWords(draft.to)}</span>
      </button>
    </div>
  );
}

/** Where the next line is written: to whom, as whom, and what. Moonlit while it is a whisper. */
export function Composer(props: ComposerProps): JSX.Element {
  const { draft, onDraft, onSay, onStop } = props;
  const box = useRef<HTMLTextAreaElement>(null);
  const recall = useRecall();
  const whisper = draft.to.length > 0;
  const say = (): void => {
    const { current } = box;
    current?.focus();
    const text = current?.value.trim();
    if (!current || !text || isNameless(draft)) return;
    current.value = "";
    props.onText("");
    recall.remember({ text, to: draft.to });
    onSay(text);
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
        recall={recall}
        to={draft.to}
        onTo={(to) => onDraft({ ...draft, to })}
        onText={props.onText}
        onSay={say}
        onStop={onStop}
        boxRef={box}
      />
      <TagBar boxRef={box} />
      <Foot composer={props} onSay={say} />
    </section>
  );
}

import { useRef } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PreparedLine } from "../../../core/protocol/prepared-line.ts";
import { displayName, displayNames } from "../../shared/names.ts";

/** Writes a line for later, or changes one. */
export function CueForm(props: {
  cue: PreparedLine;
  groups: readonly string[];
  /** It is in the list already. */
  isKept: boolean;
  onKeep: (cue: PreparedLine) => void;
  onRemove: () => void;
  onClose: () => void;
}): JSX.Element {
  const { cue, groups, isKept } = props;
  const text = useRef<HTMLTextAreaElement>(null);
  const group = useRef<HTMLInputElement>(null);
  const { to, speaker = "dm", npc } = cue.line;
  const keep = (event: Event): void => {
    event.preventDefault();
    const words = text.current?.value.trim();
    if (!words) {
      text.current?.focus();
      return;
    }
    const heading = group.current?.value.trim() ?? "";
    const line = words === cue.line.text ? cue.line : { ...cue.line, text: words };
    props.onKeep({ ...cue, group: heading, line });
  };
  return (
    <form class="cue-form stack" onSubmit={keep}>
      <label class="field">
        {isKept ? "The line" : "A line for later"}
        <textarea ref={text} rows={3} autofocus>
          {cue.line.text}
        </textarea>
      </label>
      <p class="small">
        As {displayName(npc?.name ?? speaker)}, {to === "all" ? "to everyone" : `to ${displayNames(to)}`}
        {isKept ? "" : ": as the box below the log has it"}
      </p>
      <label class="field">
        Under the heading
        <input ref={group} list="cue-groups" maxLength={64} autoComplete="off" value={cue.group} />
        <datalist id="cue-groups">
          {groups.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </label>
      <div class="row wrap">
        <button type="submit" class="main">
          Keep
        </button>
        {isKept && (
          <button type="button" onClick={props.onRemove}>
            Remove
          </button>
        )}
        <button type="button" class="quiet" onClick={props.onClose}>
          Not now
        </button>
      </div>
    </form>
  );
}
